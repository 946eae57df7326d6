#pragma once

#include <memory>

#include "syncline/workload.hpp"

namespace syncline {

/// F(w) = 1/2 sum_i a_i w_i^2 with the eigenvalues a_i chosen between L = 1 and 1 / condition, so
/// F* = 0 at w = 0. Stochastic gradients are a_i w_i + N(0, noise^2 / dimension / batch size) for
/// each i: E||noise||^2 = noise^2 / m, the sigma^2 / m of paper.md section 3 in which the error
/// bounds are stated. Starts with every coordinate at `start`.
///
/// With `unlike` above 0 each of `workers` workers has an objective of its own with the same
/// eigenvalues and its minimum at a point of its own; F is their mean, with its minimum still at 0.
/// The minima are normal with E||minimum||^2 = unlike^2, less their mean.
template <class Real>
[[nodiscard]] std::shared_ptr<const Workload<Real>> make_quadratic(const Arguments& arguments,
                                                                   const WorkloadContext& context);

}  // namespace syncline
