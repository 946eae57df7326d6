#include "fit/alike.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include <boost/math/special_functions/gamma.hpp>

namespace syncline {
namespace {

// Up to here every pair of groups is compared; above only neighbours in the order of mean times.
constexpr std::size_t most_for_all_pairs = 48;
constexpr double level = 0.01;

struct Cluster {
  std::vector<std::uint32_t> workers;
  RankedJobs jobs;
};

double mean_time(const RankedJobs& jobs) {
  double exposure = 0;
  double events = 0;
  for (const auto& [seconds, censored] : jobs) {
    exposure += seconds;
    events += censored ? 0 : 1;
  }
  return events > 0 ? exposure / events : std::numeric_limits<double>::infinity();
}

/// Of n things choose k, its logarithm.
double log_choose(std::size_t n, std::size_t k) {
  const auto log_factorial = [](std::size_t m) {
    return boost::math::lgamma(static_cast<double>(m) + 1);
  };
  return log_factorial(n) - log_factorial(k) - log_factorial(n - k);
}

/// How far two groups are from being told apart: below 0 they are not. With two degrees of freedom
/// the p-value is exp(-statistic / 2). It must beat all ways to part these workers into groups of
/// these sizes, for the groups were made to differ; without that, the fast and the slow halves of
/// workers that are alike would be told apart.
class Distance {
 public:
  Distance(std::size_t workers, double inflation)
      : least_(std::log(static_cast<double>(workers) / level)), inflation_(inflation) {}

  [[nodiscard]] double operator()(const Cluster& a, const Cluster& b) const {
    const std::array<const RankedJobs*, 2> pair = {&a.jobs, &b.jobs};
    const Equality equality = test_equality(pair);
    const double statistic = equality.freedom > 0 ? equality.statistic / inflation_ : 0;
    const double ways = log_choose(a.workers.size() + b.workers.size(), a.workers.size());
    return statistic / 2 - ways - least_;
  }

 private:
  double least_;
  double inflation_;
};

void join(std::vector<Cluster>& clusters, std::size_t into, std::size_t from) {
  auto& workers = clusters[into].workers;
  workers.insert(workers.end(), clusters[from].workers.begin(), clusters[from].workers.end());
  clusters[into].jobs = merged(clusters[into].jobs, clusters[from].jobs);
  clusters.erase(clusters.begin() + static_cast<std::ptrdiff_t>(from));
}

void join_neighbours(std::vector<Cluster>& clusters, const Distance& distance) {
  std::sort(clusters.begin(), clusters.end(), [](const Cluster& a, const Cluster& b) {
    return mean_time(a.jobs) < mean_time(b.jobs);
  });
  std::vector<double> gaps;
  for (std::size_t i = 0; i + 1 < clusters.size(); ++i) {
    gaps.push_back(distance(clusters[i], clusters[i + 1]));
  }
  while (clusters.size() > 2) {
    const auto nearest = std::min_element(gaps.begin(), gaps.end());
    if (*nearest > 0) return;
    const auto i = static_cast<std::size_t>(nearest - gaps.begin());
    join(clusters, i, i + 1);
    gaps.erase(nearest);
    if (i > 0) gaps[i - 1] = distance(clusters[i - 1], clusters[i]);
    if (i < gaps.size()) gaps[i] = distance(clusters[i], clusters[i + 1]);
  }
}

void join_any(std::vector<Cluster>& clusters, const Distance& distance) {
  const std::size_t n = clusters.size();
  std::vector<std::vector<double>> gaps(n, std::vector<double>(n, 0));
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < i; ++j) gaps[i][j] = distance(clusters[i], clusters[j]);
  }
  while (clusters.size() > 2) {
    std::size_t a = 1;
    std::size_t b = 0;
    for (std::size_t i = 0; i < clusters.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        if (gaps[i][j] < gaps[a][b]) {
          a = i;
          b = j;
        }
      }
    }
    if (gaps[a][b] > 0) return;
    join(clusters, b, a);
    gaps.erase(gaps.begin() + static_cast<std::ptrdiff_t>(a));
    for (auto& row : gaps) row.erase(row.begin() + static_cast<std::ptrdiff_t>(a));
    for (std::size_t i = 0; i < clusters.size(); ++i) {
      if (i != b) gaps[std::max(i, b)][std::min(i, b)] = distance(clusters[i], clusters[b]);
    }
  }
}

}  // namespace

std::vector<std::vector<std::uint32_t>> group_alike(const std::vector<RankedJobs>& by_worker,
                                                    double inflation) {
  std::vector<Cluster> clusters;
  for (std::uint32_t worker = 0; worker < by_worker.size(); ++worker) {
    clusters.push_back({{worker}, by_worker[worker]});
  }
  const Distance distance(clusters.size(), inflation);
  if (clusters.size() > most_for_all_pairs) join_neighbours(clusters, distance);
  if (clusters.size() <= most_for_all_pairs) join_any(clusters, distance);
  std::vector<std::vector<std::uint32_t>> groups;
  for (auto& cluster : clusters) {
    std::sort(cluster.workers.begin(), cluster.workers.end());
    groups.push_back(std::move(cluster.workers));
  }
  std::sort(groups.begin(), groups.end());
  return groups;
}

}  // namespace syncline
