#pragma once

#include <memory>

#include "syncline/workload.hpp"

namespace syncline {

/// The standard test problem of the asynchronous-SGD literature (algorithms.md 3.1; Tyurin and
/// Richtarik, arXiv 2305.12387): f(x) = 1/2 x'Ax - b'x with A = 1/4 tridiag(-1, 2, -1),
/// b = 1/4 (-1, 0, ..., 0), x0 = (sqrt(d), 0, ..., 0), f* = -(1/8) d / (d + 1) at
/// x*_i = -(d + 1 - i) / (d + 1), i = 1..d. Noise N(0, noise^2 / batch size): on each coordinate
/// by itself (as the papers write), or one scalar on all coordinates (as the authors' code has it);
/// the variance of the vector is d noise^2 either way, its direction is not.
template <class Real>
[[nodiscard]] std::shared_ptr<const Workload<Real>> make_tridiagonal(
    const Arguments& arguments, const WorkloadContext& context);

}  // namespace syncline
