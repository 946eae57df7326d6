#pragma once

#include <string>

#include "syncline/config.hpp"

// Softmax regression on MNIST with 8 workers: the paper's Figures 8 and 10 to 12.
namespace syncline::repro {

/// What a step size, a penalty and a start of the paper are said of.
enum class Pixels {
  paper,  ///< pixels from 0 to 1, translated to ours: the same model, the same steps
  ours    ///< pixels of mean 0 and deviation 1, with the paper's numbers as they stand
};

/// With the paper's lambda = 0.01 and weights that start as N(0, 0.01^2). Weights W on pixels from
/// 0 to 1 are d W on pixels divided by d, and a step of `eta` on W is one of eta d^2 on d W.
[[nodiscard]] RunConfig mnist_softmax(double eta, Pixels pixels);

/// The translation of `eta`, for the page.
[[nodiscard]] std::string translation(double eta);

}  // namespace syncline::repro
