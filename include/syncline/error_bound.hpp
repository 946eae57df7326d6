#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "syncline/theory.hpp"

namespace syncline {

/// What the error theorems of arXiv 1803.01113 ask about problem and step. sigma2 and m_g are per
/// sample: E||g - grad F||^2 <= (sigma2 + m_g ||grad F||^2) / batch.
struct ErrorConstants {
  double step_size = 0;    ///< eta, > 0
  double smoothness = 0;   ///< L, > 0
  double convexity = 0;    ///< c; 0: the non-convex theorems
  double sigma2 = 0;       ///< >= 0
  double m_g = 0;          ///< M_G, >= 0
  double batch = 1;        ///< m, >= 1
  double initial_gap = 1;  ///< F(w_0) - F*, >= 0
  double gamma = 0;        ///< staleness, 0 <= gamma <= 1; the sync family has 0
  double p0 = 0;  ///< fresh_probability_infimum or anything below it; the sync family has 1
  /// C of the staleness-compensated step min(C / ||w_j - w_read||^2, step_size), Theorem 4;
  /// nullopt: the step is fixed. Async only. gamma is not needed then.
  std::optional<double> compensation;
};

/// An upper bound of the error after a number of updates: of E F(w) - F* where F is strongly
/// convex, else of the mean of E||grad F||^2 over the updates so far.
///
///   strongly convex   floor + (initial - floor) (1 - rate)^J
///   non-convex        floor + initial / (J + 1)
///
/// Sync family: Lemma 2; async family: Theorems 3 and 5 with 1 - gamma + p0/2; Theorem 4 for the
/// compensated step, at its largest value throughout.
struct ErrorBound {
  bool strongly_convex = false;
  double floor = 0;
  double initial = 0;  ///< F(w_0) - F*, or 2 (F(w_0) - F*) / (eta gamma')
  double rate = 0;     ///< decay of one update, 0 < rate <= 1; 0 for non-convex
  std::string source;

  [[nodiscard]] double after(double updates) const;
  /// Updates until the bound is at `error`: nullopt if the floor is not below it.
  [[nodiscard]] std::optional<double> updates_to(double error) const;
};

/// The largest step size for which the bound is proved: 1 / (2 L (M_G / (K m) + 1)), and rate <= 1;
/// sync, non-convex: 1 / (L (M_G / (K m) + 1)). The 1 is printed as 1/K in Theorems 3 and 5 of
/// arXiv 1803.01113, with which the bound is wrong: w^2/2 with exact gradients and K = 8 diverges
/// at K / (2 L). Both conditions must hold, so it is the smaller one (printed: the larger).
[[nodiscard]] double step_size_limit(VariantFamily family, std::uint64_t k,
                                     const ErrorConstants& constants);

/// Throws ConfigError where no theorem applies: a constant out of its range, a step size above the
/// limit, gamma so large that 1 - gamma + p0/2 is not positive.
[[nodiscard]] ErrorBound error_bound(VariantFamily family, std::uint64_t k,
                                     const ErrorConstants& constants);

/// A bound against wall-clock time: J = t / (time per update).
struct ErrorCurve {
  ErrorBound bound;
  double runtime = 0;  ///< per update

  [[nodiscard]] double at(double time) const { return bound.after(time / runtime); }
};

/// When two curves cross after time 0, ascending: once at most if both are strongly convex from the
/// same start, twice at most if both are non-convex. Throws ConfigError on a mixture.
[[nodiscard]] std::vector<double> crossings(const ErrorCurve& a, const ErrorCurve& b);

/// One piece of the lower envelope: curve `index` is the lowest from `begin` to `end`.
struct EnvelopePiece {
  std::size_t index = 0;
  double begin = 0;
  double end = 0;  ///< +infinity for the last
};

/// Which curve is the lowest at each time: the best K as time goes on. REQUIRES: at least one
/// curve, all of one kind and, where strongly convex, with one initial error.
[[nodiscard]] std::vector<EnvelopePiece> lower_envelope(const std::vector<ErrorCurve>& curves);

}  // namespace syncline
