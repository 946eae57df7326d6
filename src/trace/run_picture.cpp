#include "trace/run_picture.hpp"

#include <algorithm>
#include <bit>
#include <iterator>

#include "fit/kaplan_meier.hpp"

namespace syncline {
namespace {

double quantile(const KaplanMeier& durations, double p) {
  return p <= durations.reach() + 1e-12 ? durations.quantile(p)
                                        : std::numeric_limits<double>::infinity();
}

}  // namespace

void WorkerPicture::set_quantiles(const std::vector<Timing>& recent) {
  std::vector<Timing> known;
  // What took no time was cancelled at once, and tells nothing.
  std::copy_if(recent.begin(), recent.end(), std::back_inserter(known),
               [](const Timing& job) { return job.seconds > 0 && std::isfinite(job.seconds); });
  if (known.empty()) return;
  const KaplanMeier durations{Sample(known)};
  median = quantile(durations, 0.5);
  p95 = quantile(durations, 0.95);
}

std::size_t StalenessBins::bin_of(std::uint64_t staleness) {
  const auto bin = staleness == 0 ? 0 : static_cast<std::size_t>(std::bit_width(staleness - 1)) + 1;
  return std::min(bin, count - 1);
}

void StalenessBins::add(std::uint64_t staleness) {
  ++counts[bin_of(staleness)];
  sum += staleness;
  largest = std::max(largest, staleness);
}

}  // namespace syncline
