#include <algorithm>
#include <cmath>

#include "fit/findings.hpp"
#include "fit/timing_table.hpp"

namespace syncline {
namespace {

// Two clusters this far apart with nothing between them are no tail.
constexpr double least_gap = 30;
constexpr std::size_t few_lengths = 10;

double middle(const std::vector<double>& sorted, std::size_t begin, std::size_t end) {
  return sorted[begin + (end - begin) / 2];
}

bool near_unit(double ratio) {
  for (const double unit : {1e3, 1e6, 1e9}) {
    if (ratio > unit / 3 && ratio < unit * 3) return true;
  }
  return false;
}

/// Milliseconds among seconds: two clusters about a thousand, a million, ... apart.
void check_units(const Timings& timings, const std::vector<double>& sorted,
                 std::vector<std::string>& warnings) {
  std::size_t split = 0;
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    if (split == 0 || sorted[i] / sorted[i - 1] > sorted[split] / sorted[split - 1]) split = i;
  }
  if (split == 0 || sorted[split] / sorted[split - 1] < least_gap) return;
  const double ratio = middle(sorted, split, sorted.size()) / middle(sorted, 0, split);
  if (!near_unit(ratio)) return;
  // The shortest of many exponential times may well be that short.
  if (split < 2 && sorted.size() > 10) return;
  std::vector<bool> mixed(timings.workers, false);
  const bool few_long = sorted.size() - split <= split;
  for (const Timing& job : timings.jobs) {
    if ((job.seconds >= sorted[split]) == few_long) mixed[job.worker] = true;
  }
  std::vector<std::uint32_t> workers;
  for (std::uint32_t worker = 0; worker < timings.workers; ++worker) {
    if (mixed[worker]) workers.push_back(worker);
  }
  warnings.push_back(std::to_string(std::min(split, sorted.size() - split)) + " of " +
                     std::to_string(sorted.size()) + " times are about " + short_number(ratio) +
                     " times " + (few_long ? "longer" : "shorter") +
                     " than the others, with none between (" +
                     (workers.size() == 1 ? "worker " : "workers ") + list_workers(workers) +
                     "): are units mixed, milliseconds among seconds? They are used as they are");
}

void check_clock(const std::vector<double>& sorted, std::vector<std::string>& warnings) {
  std::vector<double> lengths = sorted;
  lengths.erase(std::unique(lengths.begin(), lengths.end()), lengths.end());
  if (lengths.size() < 2 || lengths.size() > few_lengths || sorted.size() < 5 * lengths.size()) {
    return;
  }
  warnings.push_back("the times have only " + std::to_string(lengths.size()) +
                     " different values: the clock is too coarse to tell laws apart");
}

}  // namespace

void check_timings(Timings& timings) {
  std::vector<double> complete;
  for (const Timing& job : timings.jobs) {
    if (!job.censored) complete.push_back(job.seconds);
  }
  std::sort(complete.begin(), complete.end());
  check_units(timings, complete, timings.warnings);
  check_clock(complete, timings.warnings);
}

}  // namespace syncline
