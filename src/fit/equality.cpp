#include "fit/equality.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

#include <boost/math/special_functions/gamma.hpp>

namespace syncline {
namespace {

constexpr double fewest_jobs_for_sums = 10;

bool before(const RankedJob& a, const RankedJob& b) {
  if (a.seconds != b.seconds) return a.seconds < b.seconds;
  return !a.censored && b.censored;
}

/// The joint hazard up to one time, plain and weighted.
struct Hazard {
  double time = 0;
  double weight = 0;  ///< at this time
  double plain = 0;
  double weighted = 0;
};

/// One entry per different length of complete jobs.
std::vector<Hazard> joint_hazard(const RankedJobs& all) {
  std::vector<Hazard> path;
  Hazard sum;
  double survival = 1;
  const std::size_t n = all.size();
  for (std::size_t i = 0; i < n;) {
    if (all[i].censored) {
      ++i;
      continue;
    }
    std::size_t end = i;
    while (end < n && !all[end].censored && all[end].seconds == all[i].seconds) ++end;
    const double hazard = static_cast<double>(end - i) / static_cast<double>(n - i);
    sum.time = all[i].seconds;
    sum.weight = 2 * survival - 1;
    sum.plain += hazard;
    sum.weighted += sum.weight * hazard;
    path.push_back(sum);
    survival *= 1 - hazard;
    i = end;
  }
  return path;
}

/// A group's sums over its jobs.
struct Scores {
  double count = 0;
  double complete = 0;
  double expected = 0;  ///< complete jobs that the joint hazard expects
  double s1 = 0;
  double s2 = 0;
  double v11 = 0;
  double v12 = 0;
  double v22 = 0;
};

Scores scores_of(const RankedJobs& jobs, const std::vector<Hazard>& path) {
  Scores sum;
  auto place = path.begin();
  Hazard now;
  for (const auto& [seconds, censored] : jobs) {
    while (place != path.end() && place->time <= seconds) now = *place++;
    const double s1 = (censored ? 0 : 1) - now.plain;
    const double s2 = (censored ? 0 : now.weight) - now.weighted;
    ++sum.count;
    sum.complete += censored ? 0 : 1;
    sum.expected += now.plain;
    sum.s1 += s1;
    sum.s2 += s2;
    sum.v11 += s1 * s1;
    sum.v12 += s1 * s2;
    sum.v22 += s2 * s2;
  }
  return sum;
}

/// A few jobs have no normal sums. Chernoff's bound for a Poisson number O of mean E, exp(-(E - O +
/// O log(O / E))), holds for any number; exp(-x / 2) is chi-squared with 2 degrees of freedom.
double small_statistic(const Scores& group) {
  if (group.expected == 0) return 0;
  const double o = group.complete;
  return 2 * (group.expected - o + (o > 0 ? o * std::log(o / group.expected) : 0));
}

}  // namespace

RankedJobs ranked(std::span<const Timing> jobs) {
  RankedJobs result;
  result.reserve(jobs.size());
  for (const Timing& job : jobs) result.push_back({job.seconds, job.censored});
  std::sort(result.begin(), result.end(), before);
  return result;
}

RankedJobs merged(const RankedJobs& a, const RankedJobs& b) {
  RankedJobs result;
  result.reserve(a.size() + b.size());
  std::merge(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(result), before);
  return result;
}

double Equality::p_value() const {
  return freedom > 0 ? boost::math::gamma_q(freedom / 2, statistic / 2) : 1;
}

Equality test_equality(std::span<const RankedJobs* const> groups) {
  RankedJobs all;
  if (groups.size() == 2) {
    all = merged(*groups[0], *groups[1]);
  } else {
    for (const RankedJobs* group : groups) all.insert(all.end(), group->begin(), group->end());
    std::sort(all.begin(), all.end(), before);
  }
  const auto path = joint_hazard(all);
  std::vector<Scores> scores;
  Scores total;
  for (const RankedJobs* group : groups) {
    const Scores& own = scores.emplace_back(scores_of(*group, path));
    total.count += own.count;
    total.v11 += own.v11;
    total.v12 += own.v12;
    total.v22 += own.v22;
  }
  // The scores of all jobs add to 0; dealt at random to groups they have this covariance.
  const double per_job = 1 / (total.count - 1);
  const double v11 = total.v11 * per_job;
  const double v12 = total.v12 * per_job;
  const double v22 = total.v22 * per_job;
  const double determinant = v11 * v22 - v12 * v12;
  const bool both = determinant > 1e-9 * v11 * v22;
  Equality result;
  std::size_t used = 0;
  for (const Scores& own : scores) {
    if (own.count == 0) continue;
    ++used;
    if (own.count < fewest_jobs_for_sums) {
      result.statistic += small_statistic(own);
    } else if (both) {
      result.statistic +=
          (own.s1 * own.s1 * v22 - 2 * own.s1 * own.s2 * v12 + own.s2 * own.s2 * v11) /
          (determinant * own.count);
    } else if (v11 > 0) {
      result.statistic += own.s1 * own.s1 / (v11 * own.count);
    }
  }
  result.freedom = used > 1 ? 2 * static_cast<double>(used - 1) : 0;
  return result;
}

}  // namespace syncline
