#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "syncline/spec.hpp"

namespace syncline {

/// A weight that a ticket thins out.
struct PrunableLayer {
  std::string name;
  std::size_t size = 0;
  bool convolution = false;  ///< else linear
};

/// How many weights of each layer a ticket keeps: the smart ratios of Su et al., arXiv 2009.11094,
/// as their program counts them. Of L layers, l = 1..L, with sizes n_l and N weights in all:
///
/// - A linear layer keeps `linear_keep` of its weights.
/// - The convolutions share G = floor(N (1 - sparsity)) - floor(linear_keep N_linear) weights.
/// Their
///   ratios are in proportion to r_l = (L-l+1)^2 + (L-l+1), for a network without shortcuts (`vgg`)
///   to r_l / l^2; or they are all the same (`shape=uniform`).
/// - A convolution keeps all of its weights at most; what is left of its part goes to the next.
/// - A network without convolutions keeps 1 - sparsity of each layer.
///
/// All counts are rounded down. Throws ConfigError where the numbers don't go together.
[[nodiscard]] std::vector<std::size_t> smart_counts(std::span<const PrunableLayer> layers,
                                                    const Arguments& arguments);

}  // namespace syncline
