#pragma once

#include <cstddef>
#include <span>

#include "syncline/random.hpp"

namespace syncline {

/// Adds N(0, deviation^2 / batch) noise to a gradient, as the mean of `batch` noisy gradients has
/// it: drawn afresh for each coordinate, or once and added to every coordinate.
/// A function of the key alone.
enum class NoiseKind { per_coordinate, shared };

template <class Real>
void add_gradient_noise(std::span<Real> gradient, double deviation, std::size_t batch,
                        NoiseKind kind, const DrawKey& key);

}  // namespace syncline
