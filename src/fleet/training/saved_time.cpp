#include "fleet/training/saved_time.hpp"

#include <algorithm>

namespace syncline {
namespace {

/// Jobs of a worker that are remembered.
constexpr std::size_t window = 30;

}  // namespace

void SavedTime::Pace::add(double seconds, std::uint32_t ended) {
  parts_.push_back({seconds, ended});
  if (parts_.size() > window) parts_.pop_front();
}

std::optional<double> SavedTime::Pace::seconds_per_gradient() const {
  double seconds = 0;
  std::uint64_t ended = 0;
  for (const Part& part : parts_) {
    seconds += part.seconds;
    ended += part.ended;
  }
  if (ended == 0) return std::nullopt;
  return seconds / static_cast<double>(ended);
}

void SavedTime::arrived(const Job& job, double time) {
  paces_[job.worker].add(time - job.start, job.work.gradients);
}

void SavedTime::cancelled(const Job& job, double time) {
  paces_[job.worker].add(time - job.start, 0);
  cancelled_[job.worker] = Cancelled{job.job, job.start, job.work.gradients};
}

std::optional<double> SavedTime::of(const Abandoned& job) const {
  const auto& cancelled = cancelled_[job.worker];
  if (!cancelled || cancelled->job != job.job) return std::nullopt;
  const double had = std::max(0.0, job.time - cancelled->start);
  const auto beyond = [&](double each) { return std::max(0.0, each * cancelled->gradients - had); };
  if (const auto own = paces_[job.worker].seconds_per_gradient()) return beyond(*own);
  if (job.pieces_done > 0) {
    const auto left = static_cast<double>(job.pieces - std::min(job.pieces, job.pieces_done));
    return had / static_cast<double>(job.pieces_done) * left;
  }
  double sum = 0;
  std::size_t known = 0;
  for (const Pace& pace : paces_) {
    const auto each = pace.seconds_per_gradient();
    if (!each) continue;
    sum += *each;
    ++known;
  }
  if (known == 0) return std::nullopt;
  return beyond(sum / static_cast<double>(known));
}

}  // namespace syncline
