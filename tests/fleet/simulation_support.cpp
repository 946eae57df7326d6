#include "fleet/simulation_support.hpp"

#include <memory>

#include <nlohmann/json.hpp>

#include "fleet/virtual/virtual_fleet.hpp"
#include "syncline/simulate.hpp"
#include "trace/event_log.hpp"

namespace syncline::testing {
namespace {

/// Counts each worker's busy and parked time by itself, independently of RunStatistics.
class TimeKeeper final : public HostObserver {
 public:
  TimeKeeper(std::uint32_t workers, Recording& recording)
      : since_(workers, 0), busy_(workers, false), recording_(recording) {}

  void started(const Job& job) override {
    since_[job.worker] = job.start;
    busy_[job.worker] = true;
  }
  void arrived(const Job& job, double time) override {
    recording_.deliveries.push_back({job, time});
    stop(job.worker, time);
  }
  void cancelled(const Job& job, double time) override { stop(job.worker, time); }
  void parked(WorkerId worker, double time) override { since_[worker] = time; }
  void resumed(WorkerId worker, double time) override { recording_.idle += time - since_[worker]; }
  void finish(double time) {
    for (std::size_t worker = 0; worker < since_.size(); ++worker) {
      (busy_[worker] ? recording_.busy : recording_.idle) += time - since_[worker];
    }
  }

 private:
  void stop(WorkerId worker, double time) {
    recording_.busy += time - since_[worker];
    since_[worker] = time;
    busy_[worker] = false;
  }

  std::vector<double> since_;
  std::vector<bool> busy_;
  Recording& recording_;
};

}  // namespace

Recording record(const std::string& policy, const FleetConfig& fleet, std::uint64_t seed,
                 std::uint64_t updates, double bytes) {
  Recording recording;
  const auto timing = std::make_shared<const FleetTiming>(fleet, bytes);
  PolicyContext context;
  context.workers = fleet.workers;
  VirtualFleet run(Host(make_policy(policy, context), policy, fleet.workers),
                   VirtualClock(timing, seed));
  TimeKeeper keeper(fleet.workers, recording);
  UpdateRecorder recorder(fleet.workers,
                          [&](const UpdateRecord& update) { recording.updates.push_back(update); });
  run.host().add_observer(&keeper);
  run.host().add_observer(&recorder);
  run.begin();
  while (run.host().version() < updates) run.advance();

  recording.account = run.host().account();
  recording.elapsed = run.now();
  keeper.finish(run.now());
  for (WorkerId worker = 0; worker < fleet.workers; ++worker) {
    if (!run.host().busy(worker)) continue;
    recording.age_in_flight += run.host().version() - run.host().job(worker).read;
  }
  return recording;
}

std::vector<std::string> texts(const std::vector<UpdateRecord>& updates) {
  std::vector<std::string> result;
  for (const UpdateRecord& update : updates) {
    // Through an object that sorts its keys: the order in which workers resume is no matter.
    result.push_back(nlohmann::json::parse(to_json(update).dump()).dump());
  }
  return result;
}

std::string random_law() {
  const auto pick = [](int low, int high) {
    return std::to_string(*rc::gen::inRange(low, high + 1) / 8.0);
  };
  const int family = *rc::gen::inRange(0, 9);
  switch (family) {
    case 0:
      return "exponential(rate=" + pick(1, 40) + ")";
    case 1:
      return "shifted-exponential(shift=" + pick(0, 16) + ", rate=" + pick(4, 40) + ")";
    case 2:
      return "pareto(scale=" + pick(1, 16) + ", shape=" + pick(20, 60) + ")";
    case 3:
      return "weibull(shape=" + pick(4, 24) + ", scale=" + pick(4, 16) + ")";
    case 4:
      return "gamma(shape=" + pick(2, 40) + ", scale=" + pick(4, 16) + ")";
    case 5:
      return "lognormal(mu=" + pick(-8, 8) + ", sigma=" + pick(1, 10) + ")";
    case 6:
      return "uniform(low=" + pick(1, 8) + ", high=" + pick(9, 24) + ")";
    case 7:
      return "hyperexponential(p=" + pick(1, 7) + ", mean1=" + pick(1, 8) +
             ", mean2=" + pick(8, 40) + ")";
    default:
      return "constant(value=" + pick(1, 16) + ")";
  }
}

FleetConfig random_fleet() {
  FleetConfig fleet;
  fleet.workers = *rc::gen::inRange<std::uint32_t>(1, 21);
  fleet.delay = random_law();
  if (fleet.workers >= 2 && *rc::gen::arbitrary<bool>()) {
    const auto first = *rc::gen::inRange<std::uint32_t>(1, fleet.workers);
    fleet.delay = std::to_string(first) + "*" + fleet.delay + "," +
                  std::to_string(fleet.workers - first) + "*" + random_law();
  }
  RC_LOG() << fleet.workers << " workers: " << fleet.delay << "\n";
  return fleet;
}

Variant random_variant(std::uint32_t workers) {
  Variant variant;
  variant.name = *rc::gen::elementOf(
      std::vector<std::string>{"k-sync", "k-batch-sync", "k-async", "k-batch-async"});
  const std::uint64_t most = variant.counts_workers() ? workers : 2 * workers;
  variant.k = *rc::gen::inRange<std::uint64_t>(1, most + 1);
  RC_LOG() << variant.text() << "\n";
  return variant;
}

Summary runtime(const std::string& policy, const std::string& delay, std::uint32_t workers,
                std::uint64_t updates, std::uint64_t replications) {
  SimulationConfig config;
  config.policy = policy;
  config.fleet.workers = workers;
  config.fleet.delay = delay;
  config.updates = updates;
  std::vector<double> means;
  for (std::uint64_t seed = 1; seed <= replications; ++seed) {
    config.seed = seed;
    means.push_back(simulate(config, {}).at("runtime_per_update").at("mean"));
  }
  return summarise(means);
}

}  // namespace syncline::testing
