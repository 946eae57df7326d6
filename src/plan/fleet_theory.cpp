#include "plan/fleet_theory.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "plan/update_time.hpp"

namespace syncline {
namespace {

/// K up to which each cold start is computed; above, at the powers of 2, and lines between.
constexpr std::uint64_t each_up_to = 4;

/// Staleness further out than this share of gradients, or than so many means, is gathered there.
constexpr double tail_share = 1e-3;
constexpr double tail_means = 7;

/// Two whole numbers around the mean, where no distribution is known.
std::vector<double> around(double mean) {
  const auto low = static_cast<std::size_t>(mean);
  std::vector<double> shares(low + 2);
  shares[low + 1] = mean - static_cast<double>(low);
  shares[low] = 1 - shares[low + 1];
  return shares;
}

std::vector<double> without_far_tail(std::vector<double> shares, double mean) {
  double sum = 0;
  for (const double share : shares) sum += share;
  const auto most = static_cast<std::size_t>(std::ceil(tail_means * (mean + 1)));
  double kept = 0;
  for (std::size_t s = 0; s < shares.size(); ++s) {
    kept += shares[s];
    if (s + 1 < most && sum - kept > tail_share * sum) continue;
    shares.resize(s + 1);
    shares[s] += sum - kept;
    break;
  }
  for (double& share : shares) share /= sum;
  return shares;
}

}  // namespace

std::vector<double> batch_staleness(const std::vector<double>& pushes, std::uint64_t k) {
  std::vector<double> shares(pushes.size() / k + 2);
  for (std::size_t n = 0; n < pushes.size(); ++n) {
    // Of r = 0..K-1, those below K - n mod K give floor(n / K), the others one more.
    const auto over = static_cast<double>(n % k) / static_cast<double>(k);
    shares[n / k] += (1 - over) * pushes[n];
    shares[n / k + 1] += over * pushes[n];
  }
  while (shares.size() > 1 && shares.back() == 0) shares.pop_back();
  return shares;
}

const PointTheory& FleetTheory::at(const VariantPoint& point) {
  const std::pair key(point.family, point.k);
  const auto found = known_.find(key);
  if (found != known_.end()) return found->second;
  return known_.emplace(key, compute(point)).first->second;
}

PointTheory FleetTheory::compute(const VariantPoint& point) {
  PointTheory theory;
  const Estimate bare = bare_runtime(point);
  theory.runtime = update_time(point, *timing_, bare);
  theory.pushes = pushes_per_update(point, *timing_, theory.runtime.value);
  const auto k = static_cast<double>(point.k);
  const double fleet_size = workers();
  switch (point.family) {
    case VariantFamily::k_sync:
    case VariantFamily::k_batch_sync:
      break;
    case VariantFamily::k_async:
      theory.mean_staleness = fleet_size / k - 1;
      break;
    case VariantFamily::k_batch_async: {
      theory.mean_staleness = (fleet_size - 1) / k;
      const double startup = startup_time(point, timing_->profile).value;
      theory.startup = std::isfinite(startup) ? startup : 0;
      break;
    }
  }
  theory.staleness = staleness(point, theory.mean_staleness);
  return theory;
}

Estimate FleetTheory::bare_runtime(const VariantPoint& point) {
  if (point.family != VariantFamily::k_batch_sync || point.k <= each_up_to) {
    return runtime_per_update(point, timing_->profile);
  }
  const std::uint64_t low = std::bit_floor(point.k);
  if (low == point.k) return cold_start(point.k);
  const Estimate& a = cold_start(low);
  const Estimate& b = cold_start(2 * low);
  const double part = static_cast<double>(point.k - low) / static_cast<double>(low);
  return {a.value + part * (b.value - a.value), EstimateKind::approximation,
          b.source + ", on a line between powers of 2", a.lower, b.upper};
}

const Estimate& FleetTheory::cold_start(std::uint64_t n) {
  const auto found = cold_starts_.find(n);
  if (found != cold_starts_.end()) return found->second;
  return cold_starts_.emplace(n, cold_start_time(timing_->profile, n)).first->second;
}

std::vector<double> FleetTheory::staleness(const VariantPoint& point, double mean) {
  if (mean == 0) return {1};
  if (point.family == VariantFamily::k_batch_async) {
    if (others_pushes_.empty()) {
      // With K = 1 every push of another worker is a version.
      others_pushes_ = staleness_law({point.family, 1}, timing_->profile).pmf;
      if (others_pushes_.empty()) others_pushes_ = around(workers() - 1.0);
    }
    return without_far_tail(batch_staleness(others_pushes_, point.k), mean);
  }
  const StalenessLaw law = staleness_law(point, timing_->profile);
  return law.pmf.empty() ? around(mean) : without_far_tail(law.pmf, mean);
}

}  // namespace syncline
