#pragma once

#include <cstdint>
#include <optional>

#include "theory/law_view.hpp"

namespace syncline {

/// K-async of many workers: updates come at even distances T, and a job that starts at an update
/// is used ceil(X / T) updates later, so sum_i 1 / E[ceil(X_i / T)] = K.

/// E[ceil(X / T)] = sum over n >= 0 of P(X > n T). REQUIRES: a finite mean.
[[nodiscard]] double mean_updates(const LawView& law, double period);

/// The T that solves it. REQUIRES: 1 <= k < P, finite means.
[[nodiscard]] double async_period(const Groups& groups, std::uint64_t k);

/// What T of `k` of these workers is to the fixed point if their times are exponential with the
/// same means, where T is known: the correction for a finite P.
[[nodiscard]] double finite_fleet_factor(const Groups& groups, std::uint64_t k);

/// What is known of the corrected T: over the tests' grid of laws, P and K the error stays within
/// the number returned. Nothing outside the grid: unequal workers, atoms, a variance below 0.095 or
/// above 5.6 squared means, K above 3P/4, where updates bunch together; then nullopt.
[[nodiscard]] std::optional<double> async_period_error(const Groups& groups, std::uint64_t k);

/// The same for the chance of a fresh gradient, F(T) with the uncorrected T; absolute.
[[nodiscard]] std::optional<double> async_fresh_error(const Groups& groups, std::uint64_t k);

}  // namespace syncline
