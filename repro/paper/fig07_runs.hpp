#pragma once

#include <string>

#include "study.hpp"
#include "syncline/error_bound.hpp"

// The constants of Figure 7, which the paper does not give, and the runs that they come from.
namespace syncline::repro::fig07 {

inline constexpr std::uint32_t workers = 8;
inline constexpr double step_size = 0.05;
inline constexpr double convexity = 0.2;  ///< c; L = 1
inline constexpr double noise = 2;        ///< sigma
inline constexpr double training_ends = 1500;
inline constexpr int trained_k[] = {1, 2, 4, 8};  ///< K-async; 8 is sync

/// What the figure and its check by training need:
///
///   initial_gap        F(w_0) - F*
///   gamma              of K = 1 to 8, measured: the larger of two windows' upper ends
///   p0, runtime        of K = 1 to 8, theory
///   time               of the evaluations
///   trained            mean error of K-async by place in trained_k: {mean, stderr} of lists
///   exact              runs of K = 8 with exact gradients at three step sizes
[[nodiscard]] Json runs(Scale scale, const Progress& progress);

/// The bound of K-async against time with the stored constants; K = 8 is sync and has Lemma 2's.
[[nodiscard]] ErrorCurve bound_of(const Json& computed, std::uint64_t k);

}  // namespace syncline::repro::fig07
