#include "top/verdict.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace syncline {
namespace {

constexpr std::uint64_t fewest_jobs = 5;
constexpr double mads = 6;
constexpr double least_excess = 1.1;
constexpr double late_after = 3;

bool is_known(const WorkerPicture& worker) {
  return worker.steps + worker.unfinished >= fewest_jobs && !std::isnan(worker.median);
}

/// Of an even number, the middle of the two. NaN of none.
double median(std::vector<double> values) {
  if (values.empty()) return std::nan("");
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

template <class Get>
double median_over(const std::vector<WorkerPicture>& workers, Get&& get) {
  std::vector<double> values;
  for (const WorkerPicture& worker : workers) {
    if (is_known(worker)) values.push_back(get(worker));
  }
  return median(std::move(values));
}

}  // namespace

std::vector<Pace> paces(const RunPicture& picture) {
  const auto& workers = picture.workers;
  const double middle = median_over(workers, [](const auto& worker) { return worker.median; });
  const double mad =
      median_over(workers, [&](const auto& worker) { return std::abs(worker.median - middle); });
  const double usual_p95 = median_over(workers, [](const auto& worker) { return worker.p95; });
  std::vector<Pace> result;
  for (const WorkerPicture& worker : workers) {
    Pace pace;
    // Where most of the fleet is never done, there is nothing to compare with.
    if (is_known(worker) && std::isfinite(middle)) {
      pace.ratio = worker.median / middle;
      const bool slow =
          worker.median > middle + mads * mad && worker.median > least_excess * middle;
      pace.verdict = slow ? Verdict::slow : Verdict::fine;
    }
    const bool has_own = is_known(worker) && std::isfinite(worker.p95);
    // Comparisons with NaN, where nobody is known, are false.
    const double limit = late_after * (has_own ? worker.p95 : usual_p95);
    if (worker.state == WorkerPicture::State::computing && picture.time - worker.since > limit) {
      pace.verdict = Verdict::late;
    }
    result.push_back(pace);
  }
  return result;
}

std::string to_text(const Pace& pace) {
  switch (pace.verdict) {
    case Verdict::unknown:
      return "";
    case Verdict::fine:
      return "ok";
    case Verdict::late:
      return "late";
    case Verdict::slow: {
      if (std::isinf(pace.ratio)) return "slow";
      char text[32];
      std::snprintf(text, sizeof text, "slow %.2gx", pace.ratio);
      return text;
    }
  }
  return "";
}

}  // namespace syncline
