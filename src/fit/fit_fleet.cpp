#include <algorithm>
#include <cmath>

#include "fit/alike.hpp"
#include "fit/findings.hpp"
#include "fit/fit_laws.hpp"
#include "fit/group_laws.hpp"
#include "fit/order_tests.hpp"
#include "fit/silent.hpp"
#include "fit/slow_spells.hpp"
#include "fit/speeds.hpp"
#include "fit/tail_index.hpp"
#include "syncline/error.hpp"
#include "syncline/fit.hpp"

namespace syncline {
namespace {

constexpr double level = 0.01;
// A worker that is slower for certain, but by less, delays nobody much.
constexpr double straggler_factor = 1.25;
constexpr double least_drift = 1.1;
// Quantiles of each worker fill a page; of a thousand nobody looks at them.
constexpr std::size_t most_pictured = 64;

using JobsByWorker = std::vector<std::vector<Timing>>;

JobsByWorker by_worker_in_order(const Timings& timings) {
  JobsByWorker result(timings.workers);
  for (const Timing& job : timings.jobs) {
    if (job.worker >= timings.workers) {
      throw InternalError("a timing names worker " + std::to_string(job.worker) + " of " +
                          std::to_string(timings.workers));
    }
    if (!(job.seconds > 0) || std::isinf(job.seconds)) {
      throw InternalError("a timing of worker " + std::to_string(job.worker) + " is " +
                          std::to_string(job.seconds) + "; it must be positive and finite");
    }
    result[job.worker].push_back(job);
  }
  return result;
}

void refuse_too_few(const Timings& timings) {
  const auto complete = static_cast<std::size_t>(std::count_if(
      timings.jobs.begin(), timings.jobs.end(), [](const Timing& job) { return !job.censored; }));
  if (complete >= fewest_jobs) return;
  throw DataError("too little data: " + std::to_string(complete) + " complete jobs (and " +
                  std::to_string(timings.jobs.size() - complete) +
                  " cancelled) in all; a fit needs at least " + std::to_string(fewest_jobs) +
                  ". Measure longer");
}

double inflation_of(const std::vector<OrderTests>& tests) {
  if (fleet_burst_p_value(tests) >= level) return 1;
  double sum = 0;
  for (const auto& test : tests) sum += test.inflation;
  return sum / static_cast<double>(tests.size());
}

/// Fills `alike`, its p-value, and the groups' workers. Workers that never finished a job, against
/// all odds, are groups of their own.
void compare_workers(const JobsByWorker& by_worker, double inflation, FleetFit& fit) {
  const std::vector<double> silence = silence_p_values(by_worker);
  const auto count = static_cast<double>(by_worker.size());
  std::vector<RankedJobs> jobs;
  std::vector<std::uint32_t> heard;
  for (std::uint32_t worker = 0; worker < by_worker.size(); ++worker) {
    const double p_value = std::min(1.0, silence[worker] * count);
    fit.alike_p_value = std::min(fit.alike_p_value, p_value);
    if (p_value < level) {
      fit.groups.emplace_back().workers = {worker};
    } else {
      heard.push_back(worker);
      jobs.push_back(ranked(by_worker[worker]));
    }
  }
  std::vector<const RankedJobs*> pointers;
  for (const auto& worker : jobs) pointers.push_back(&worker);
  Equality equality = test_equality(pointers);
  equality.statistic /= inflation;
  const double p_value = equality.p_value();
  fit.alike_p_value = std::min(fit.alike_p_value, p_value);
  fit.alike = fit.alike_p_value >= level;
  if (p_value >= level) {
    fit.groups.emplace_back().workers = heard;
  } else {
    for (const auto& places : group_alike(jobs, inflation)) {
      auto& workers = fit.groups.emplace_back().workers;
      for (const std::uint32_t place : places) workers.push_back(heard[place]);
    }
  }
  std::sort(fit.groups.begin(), fit.groups.end(),
            [](const AlikeWorkers& a, const AlikeWorkers& b) { return a.workers < b.workers; });
}

void fit_groups(const JobsByWorker& by_worker, FleetFit& fit) {
  for (auto& group : fit.groups) {
    if (fit.groups.size() == 1) {
      group.fit = fit.pooled;
      continue;
    }
    if (group.workers.size() == 1) {
      group.fit = fit.workers[group.workers.front()].fit;
      continue;
    }
    std::vector<Timing> jobs;
    for (const std::uint32_t worker : group.workers) {
      jobs.insert(jobs.end(), by_worker[worker].begin(), by_worker[worker].end());
    }
    group.fit = fit_group(jobs, "workers " + list_workers(group.workers));
  }
  choose_laws(fit.groups, by_worker);
  for (const auto& group : fit.groups) {
    if (!group.fit.laws.empty()) continue;
    fit.warnings.push_back(*group.fit.refusal + "; " + group.law +
                           " stands for its time per complete job, not for a known law");
  }
}

/// The jobs of all workers for the tail: workers that differ are brought to one speed first, which
/// leaves the exponent of a tail as it is.
RankedJobs jobs_of_one_speed(const JobsByWorker& by_worker, const FleetFit& fit) {
  std::vector<Timing> all;
  for (std::size_t worker = 0; worker < by_worker.size(); ++worker) {
    const double slowdown = fit.workers[worker].slowdown;
    for (Timing job : by_worker[worker]) {
      if (!fit.alike && std::isfinite(slowdown)) job.seconds /= slowdown;
      all.push_back(job);
    }
  }
  return ranked(all);
}

void judge_workers(const std::vector<OrderTests>& tests, FleetFit& fit) {
  // The group of the fleet's faster half, which stragglers are not in.
  std::vector<std::size_t> group_of(fit.workers.size(), 0);
  for (std::size_t group = 0; group < fit.groups.size(); ++group) {
    for (const std::uint32_t worker : fit.groups[group].workers) group_of[worker] = group;
  }
  std::vector<std::uint32_t> order;
  for (const auto& worker : fit.workers) order.push_back(worker.worker);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return fit.workers[a].slowdown < fit.workers[b].slowdown;
  });
  const std::size_t typical = group_of[order[(order.size() - 1) / 2]];
  const auto& slow = fit.slow_states;
  // Where most workers have slow spells, nobody stands out by them.
  const bool few_slow = slow && slow->workers.size() * 2 < fit.workers.size();
  for (auto& worker : fit.workers) {
    const std::uint32_t number = worker.worker;
    const bool bursts = slow && std::find(slow->workers.begin(), slow->workers.end(), number) !=
                                    slow->workers.end();
    worker.drift = tests[number].drift;
    worker.burst_p_value = tests[number].burst_p_value;
    const bool apart = group_of[number] != typical && worker.slowdown >= straggler_factor;
    worker.straggler = apart || (bursts && few_slow && slow->factor >= straggler_factor);
    const bool drifts = worker.drift.p_value < level / static_cast<double>(fit.workers.size()) &&
                        std::fabs(std::log(worker.drift.factor)) > std::log(least_drift);
    worker.behaviour = bursts   ? "slow in bursts"
                       : drifts ? "drifting"
                       : apart  ? "persistently slow"
                                : "steady";
  }
}

}  // namespace

FleetFit fit_fleet(const Timings& timings) {
  const JobsByWorker by_worker = by_worker_in_order(timings);
  refuse_too_few(timings);
  FleetFit fit;
  fit.warnings = timings.warnings;
  if (timings.workers == 1) {
    fit.warnings.emplace_back("only one worker: whether workers are alike can't be said");
  }
  fit.pooled = fit_group(timings.jobs, "the fleet");
  std::vector<KaplanMeier> observed;
  std::vector<OrderTests> tests;
  for (std::uint32_t worker = 0; worker < timings.workers; ++worker) {
    const auto& jobs = by_worker[worker];
    WorkerFit& entry = fit.workers.emplace_back();
    entry.worker = worker;
    entry.fit = fit_group(jobs, "worker " + std::to_string(worker));
    if (timings.workers > most_pictured) {
      entry.fit.qq.clear();
      entry.fit.survival.clear();
    }
    observed.emplace_back(Sample(jobs));
    tests.push_back(test_order(jobs));
  }
  const auto speeds = slowdowns(observed);
  for (auto& worker : fit.workers) worker.slowdown = speeds[worker.worker];
  compare_workers(by_worker, inflation_of(tests), fit);
  fit_groups(by_worker, fit);
  fit.profile = fleet_text(fit.groups, timings.workers);
  fit.tail = tail_index(jobs_of_one_speed(by_worker, fit));
  fit.slow_states = find_slow_states(by_worker, tests, fit.groups);
  judge_workers(tests, fit);
  fit.findings = describe(fit);
  return fit;
}

}  // namespace syncline
