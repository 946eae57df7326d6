#include "fit/tail_index.hpp"

#include <algorithm>
#include <cmath>

#include "fit/shifted_fit.hpp"

namespace syncline {
namespace {

constexpr std::size_t fewest = 100;
constexpr std::size_t fewest_longest = 10;
constexpr double least_complete = 0.5;

}  // namespace

std::optional<TailIndex> tail_index(const RankedJobs& jobs) {
  const std::size_t n = jobs.size();
  if (n < fewest) return std::nullopt;
  const auto power = static_cast<std::size_t>(std::pow(static_cast<double>(n), 2.0 / 3));
  const std::size_t k = std::max(fewest_longest, std::min(power, n / 10));
  const double threshold = jobs[n - k - 1].seconds;
  double sum = 0;
  double complete = 0;
  for (std::size_t i = n - k; i < n; ++i) {
    sum += std::log(jobs[i].seconds / threshold);
    complete += jobs[i].censored ? 0 : 1;
  }
  // Where cancelling cuts the tail off, what is left of it says nothing.
  if (!(sum > 0) || complete < least_complete * static_cast<double>(k)) return std::nullopt;
  const auto [lower, upper] = rate_interval(complete, sum);
  return TailIndex{complete / sum, lower, upper, k};
}

}  // namespace syncline
