#include <algorithm>
#include <cmath>

#include <boost/math/quadrature/gauss_kronrod.hpp>

#include "theory/async_period.hpp"
#include "theory/batch_staleness.hpp"
#include "theory/done_count.hpp"
#include "theory/estimate.hpp"
#include "theory/lock_step.hpp"
#include "theory/variant_runtime.hpp"

namespace syncline {
namespace {

/// Entries beyond which so little is left are not listed.
constexpr double tail_left_out = 1e-9;
constexpr std::size_t most_entries = 100'000;

const char* by_counting = "counting versions: every update makes each worker one version older";

/// Adds weight * share (1 - share)^s.
void add_geometric(std::vector<double>& pmf, double weight, double share) {
  double chance = weight * share;
  for (std::size_t s = 0; s < most_entries && chance > tail_left_out * share; ++s) {
    if (s >= pmf.size()) pmf.resize(s + 1, 0);
    pmf[s] += chance;
    chance *= 1 - share;
  }
}

/// Chance that an exponential worker of one group is among the first k.
double among_first(const Groups& groups, std::size_t g, std::uint64_t k) {
  Groups others = groups;
  --others[g].count;
  const auto room_left = [&](double u) {
    return DoneCount(others, -std::log(u) * groups[g].law.scale).at_most(k - 1);
  };
  using Rule = boost::math::quadrature::gauss_kronrod<double, 31>;
  double sum = 0;
  for (const auto& [a, b] : {std::pair{1e-300, 1e-3}, {1e-3, 0.1}, {0.1, 0.9}, {0.9, 1.0}}) {
    sum += Rule::integrate(room_left, a, b, 10, 1e-11);
  }
  return sum;
}

StalenessLaw fresh_only(const char* why) {
  return {certain(0, why), certain(1, why), {1}, EstimateKind::exact};
}

void finish(StalenessLaw& law, Estimate fresh, std::vector<double> pmf, EstimateKind kind) {
  law.fresh_fraction = std::move(fresh);
  law.pmf = std::move(pmf);
  law.pmf_kind = kind;
}

void exponential_async(StalenessLaw& law, const Groups& groups, std::uint64_t k) {
  const auto wanted = static_cast<double>(k);
  std::vector<double> pmf;
  if (groups.size() == 1) {
    const double share = wanted / static_cast<double>(groups[0].count);
    add_geometric(pmf, 1, share);
    const Estimate fresh = certain(share, "exponential K-async: geometric with K/P");
    return finish(law, fresh, std::move(pmf), EstimateKind::exact);
  }
  double fresh = 0;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const double share =
        k == 1 ? 1 / (groups[g].law.mean * total_rate(groups)) : among_first(groups, g, k);
    const double weight = static_cast<double>(groups[g].count) * share / wanted;
    fresh += weight * share;
    add_geometric(pmf, weight, share);
  }
  const EstimateKind kind = k == 1 ? EstimateKind::exact : EstimateKind::numeric;
  finish(law, uncertain(fresh, k == 1 ? 0 : 1e-9, "mixture of geometric laws, one a worker", kind),
         std::move(pmf), kind);
}

void exponential_batch_async(StalenessLaw& law, const Groups& groups, std::uint64_t k) {
  const auto wanted = static_cast<double>(k);
  std::vector<double> pmf = {0};
  for (const auto& group : groups) {
    const double share = 1 / (group.law.mean * total_rate(groups));
    const double weight = static_cast<double>(group.count) * share;
    const double batch = std::pow(1 - share, wanted);
    const double stale = (1 - share) / share / wanted * (1 - batch);
    pmf[0] += weight * (1 - stale);
    std::vector<double> older;
    add_geometric(older, weight * stale, 1 - batch);
    if (pmf.size() < older.size() + 1) pmf.resize(older.size() + 1, 0);
    for (std::size_t s = 0; s < older.size(); ++s) pmf[s + 1] += older[s];
  }
  const Estimate fresh = certain(
      pmf[0], "exponential K-batch-async: 1 - ((P-1)/K)(1 - q^K), q = 1 - a worker's share");
  finish(law, fresh, std::move(pmf), EstimateKind::exact);
}

void batch_async(StalenessLaw& law, const Groups& groups, std::uint64_t k) {
  if (all_exponential(groups)) return exponential_batch_async(law, groups, k);
  if (groups.size() == 1 && groups[0].law.form == LawForm::constant) {
    auto pmf = lock_step_batch_async(groups[0].count, k);
    const Estimate fresh = certain(pmf[0], "equal times: lock step");
    return finish(law, fresh, std::move(pmf), EstimateKind::exact);
  }
  const bool jumps = std::any_of(groups.begin(), groups.end(),
                                 [](const WorkerGroup& group) { return group.law.has_atoms(); });
  Estimate fresh = batch_fresh_fraction(groups, k);
  auto pmf = batch_staleness_chances(groups, k);
  if (jumps) {
    // Times that fall on a grid can keep in step with the batches, which the formula leaves out.
    fresh.kind = EstimateKind::approximation;
    fresh.source += "; made for laws with a density, and this one has none";
    fresh.lower = 0;
    fresh.upper = 1;
  }
  if (!pmf.empty()) pmf[0] = fresh.value;
  const EstimateKind kind = fresh.kind;
  finish(law, std::move(fresh), std::move(pmf), kind);
}

/// Many workers: an update comes every T, and a job of X is used ceil(X / T) updates later.
void async_by_period(StalenessLaw& law, const Groups& groups, std::uint64_t k) {
  const double period = async_period(groups, k);
  std::vector<double> pmf;
  std::vector<double> weights;
  double all = 0;
  for (const auto& group : groups) {
    weights.push_back(static_cast<double>(group.count) / mean_updates(group.law, period));
    all += weights.back();
  }
  // K, but for times with atoms, whose sum jumps past K at the period.
  for (double& weight : weights) weight /= all;
  double left = 1;
  for (std::size_t s = 0; s < most_entries && left > tail_left_out; ++s) {
    double chance = 0;
    for (std::size_t g = 0; g < groups.size(); ++g) {
      const DelayLaw& delay = *groups[g].law.law;
      chance += weights[g] * (delay.survival(static_cast<double>(s) * period) -
                              delay.survival(static_cast<double>(s + 1) * period));
    }
    pmf.push_back(chance);
    left -= chance;
  }
  const double error = async_fresh_error(groups, k).value_or(1);
  const Estimate fresh =
      uncertain(pmf[0], error, "P(X <= T), T from the fixed point of K-async for many workers",
                EstimateKind::approximation);
  finish(law, within(fresh, 0, 1), std::move(pmf), EstimateKind::approximation);
}

void async(StalenessLaw& law, const Groups& groups, std::uint64_t k) {
  if (all_exponential(groups)) return exponential_async(law, groups, k);
  if (k == 1) return batch_async(law, groups, 1);
  if (groups.size() == 1 && groups[0].law.form == LawForm::constant) {
    if (auto pmf = lock_step_async(groups[0].count, k)) {
      const Estimate fresh =
          certain((*pmf)[0], "equal times: lock step, followed until it repeats");
      return finish(law, fresh, std::move(*pmf), EstimateKind::exact);
    }
    law.fresh_fraction = {0, EstimateKind::bound, "equal times: the pattern is too long", 0, 1};
    return;
  }
  async_by_period(law, groups, k);
}

}  // namespace

StalenessLaw staleness_law(const VariantPoint& point, const DelayProfile& fleet) {
  const Groups groups = groups_of(fleet);
  const std::uint64_t workers = worker_count(groups);
  if (point.family == VariantFamily::k_sync || point.family == VariantFamily::k_batch_sync) {
    return fresh_only("sync family: all gradients of an update are read at its version");
  }
  const bool counts_workers = point.family == VariantFamily::k_async;
  if (counts_workers && point.k == workers) return fresh_only("K-async with K = P is full sync");
  if (workers == 1) return fresh_only("one worker is serial SGD");

  const auto mean_of = [&](std::uint64_t active) {
    const auto p = static_cast<double>(active);
    const auto k = static_cast<double>(point.k);
    return std::max(0.0, counts_workers ? p / k - 1 : (p - 1) / k);
  };
  StalenessLaw law;
  law.mean = certain(mean_of(workers), by_counting);
  const Groups finite = finite_means(groups);
  const std::uint64_t lasting = worker_count(finite);
  if (lasting < workers) {
    // Jobs without a mean time are mostly still running when one looks, however late.
    law.mean.kind = EstimateKind::bound;
    law.mean.lower = lasting == 0 ? 0 : mean_of(lasting);
    law.mean.source += "; jobs without a mean time may never be counted";
    law.fresh_fraction = {0, EstimateKind::bound, "times without a mean: no steady state", 0, 1};
    return law;
  }
  if (counts_workers) {
    async(law, groups, point.k);
  } else {
    batch_async(law, groups, point.k);
  }
  return law;
}

}  // namespace syncline
