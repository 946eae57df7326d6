#include "fleet/training/saved_time.hpp"

#include <algorithm>

namespace syncline {
namespace {

/// Jobs of a worker that are remembered.
constexpr std::size_t window = 15;

}  // namespace

SavedTime::SavedTime(std::uint32_t workers)
    : usual_(workers, RecentValues(window)), usual_of_all_(window * workers), cancelled_(workers) {}

void SavedTime::arrived(const Job& job, double time) {
  const double each = (time - job.start) / job.work.gradients;
  usual_[job.worker].add(each);
  usual_of_all_.add(each);
}

void SavedTime::cancelled(const Job& job, double) {
  cancelled_[job.worker] = Cancelled{job.job, job.start, job.work.gradients};
}

std::optional<double> SavedTime::of(const Abandoned& job) const {
  const auto& cancelled = cancelled_[job.worker];
  if (!cancelled || cancelled->job != job.job) return std::nullopt;
  const double had = std::max(0.0, job.time - cancelled->start);
  const auto beyond = [&](double each) { return std::max(0.0, each * cancelled->gradients - had); };
  if (const auto own = median(usual_[job.worker])) return beyond(*own);
  if (job.pieces_done > 0) {
    const auto left = static_cast<double>(job.pieces - std::min(job.pieces, job.pieces_done));
    return had / static_cast<double>(job.pieces_done) * left;
  }
  if (const auto all = median(usual_of_all_)) return beyond(*all);
  return std::nullopt;
}

std::optional<double> SavedTime::median(const RecentValues& values) {
  if (values.size() == 0) return std::nullopt;
  return values.smallest(values.size() / 2);
}

}  // namespace syncline
