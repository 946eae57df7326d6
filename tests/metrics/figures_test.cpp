// The figures that are kept for others, against the host and the statistics of the run itself.

#include <algorithm>
#include <atomic>
#include <thread>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "metrics/figures_support.hpp"
#include "support/policy_samples.hpp"

namespace syncline {
namespace {

using State = WorkerPicture::State;
using testing::WatchedRun;

/// Of those policies that need neither gradients nor measurements.
std::vector<std::string> policies_on_time_alone(std::uint32_t workers) {
  std::vector<std::string> chosen;
  for (const std::string& policy : testing::sample_policies()) {
    const Requirements requirements = WatchedRun::host_of(policy, workers).policy().requirements();
    if (!requirements.observables.any() && requirements.measurements.empty()) {
      chosen.push_back(policy);
    }
  }
  return chosen;
}

State state_of(const Host& host, WorkerId worker) {
  if (host.down(worker)) return State::down;
  return host.busy(worker) ? State::computing : State::parked;
}

void check_alike(const RunPicture& picture, const WatchedRun& run) {
  const Host& host = run.fleet.host();
  CHECK(picture.version == host.version());
  CHECK(picture.time == run.fleet.now());
  const Account& account = host.account();
  CHECK(picture.account.started == account.started);
  CHECK(picture.account.computed == account.computed);
  CHECK(picture.account.applied == account.applied);
  CHECK(picture.account.dropped == account.dropped);
  CHECK(picture.account.held == account.held);
  CHECK(picture.account.cancelled == account.cancelled);
  CHECK(picture.account.in_flight == account.in_flight);
  CHECK(picture.account.lost == account.lost);
  CHECK(picture.staleness.total() == run.statistics.staleness().total());
  CHECK(picture.staleness.sum == run.statistics.staleness().sum());
  CHECK(picture.staleness.largest == run.statistics.staleness().largest());
  const auto contributions = run.statistics.contributions();
  REQUIRE(picture.workers.size() == contributions.size());
  for (WorkerId worker = 0; worker < host.workers(); ++worker) {
    CAPTURE(worker);
    CHECK(picture.workers[worker].contributed == contributions[worker]);
    if (!host.finished()) CHECK(picture.workers[worker].state == state_of(host, worker));
    if (host.busy(worker)) {
      CHECK(picture.workers[worker].read == host.job(worker).read);
      CHECK(picture.workers[worker].since == host.job(worker).start);
    }
  }
}

TEST_CASE("figures after every event, every policy, workers that die and return: the host's own") {
  const auto policies = policies_on_time_alone(5);
  REQUIRE(policies.size() > 20);
  for (const std::string& policy : policies) {
    CAPTURE(policy);
    WatchedRun run(policy, 5, 11);
    run.fleet.begin();
    check_alike(run.figures.picture(), run);
    for (int event = 0; event < 300 && run.advance(); ++event) {
      check_alike(run.figures.picture(), run);
    }
    CHECK(run.fleet.host().version() > 0);
  }
}

TEST_CASE("workers that are absent at the beginning are down") {
  WatchedRun run("k-sync(k=2)", 4, 3);
  run.fleet.begin({1, 3});
  const RunPicture picture = run.figures.picture();
  CHECK(picture.workers[0].state == State::computing);
  CHECK(picture.workers[1].state == State::down);
  CHECK(picture.workers[2].state == State::computing);
  CHECK(picture.workers[3].state == State::down);
}

/// Hears how long each job took.
class Durations final : public HostObserver {
 public:
  explicit Durations(std::uint32_t workers) : of_(workers) {}
  void arrived(const Job& job, double time) override {
    of_[job.worker].push_back(time - job.start);
  }
  /// How many of the last ones are at most `value`, and how many there are.
  [[nodiscard]] std::pair<std::size_t, std::size_t> up_to(WorkerId worker, double value) const {
    const auto& all = of_[worker];
    const auto first =
        all.size() > RunPicture::window ? all.end() - RunPicture::window : all.begin();
    const auto count = std::count_if(first, all.end(), [&](double one) { return one <= value; });
    return {static_cast<std::size_t>(count), static_cast<std::size_t>(all.end() - first)};
  }

 private:
  std::vector<std::vector<double>> of_;
};

/// Where nobody dies and nothing is cancelled.
TEST_CASE("quantiles of a worker's last jobs: the smallest value that so many don't exceed") {
  CHECK(rc::check("by counting", [] {
    FleetConfig calm;
    calm.workers = 3;
    calm.delay = "exponential(rate=1)";
    WatchedRun run("async", calm, *rc::gen::arbitrary<std::uint64_t>());
    Durations durations(3);
    run.fleet.host().add_observer(&durations);
    run.fleet.begin();
    const int events = *rc::gen::inRange(1, 600);
    for (int event = 0; event < events; ++event) RC_ASSERT(run.advance());
    const RunPicture picture = run.figures.picture();
    for (WorkerId worker = 0; worker < 3; ++worker) {
      const WorkerPicture& one = picture.workers[worker];
      if (one.steps == 0) {
        RC_ASSERT(std::isnan(one.median) && std::isnan(one.p95));
        continue;
      }
      for (const auto& [quantile, share] : {std::pair{one.median, 50U}, {one.p95, 95U}}) {
        const auto [below, all] = durations.up_to(worker, quantile * (1 + 1e-9));
        RC_ASSERT(100 * below >= share * all);
        const auto [less, same] = durations.up_to(worker, quantile * (1 - 1e-9));
        RC_ASSERT(100 * less < share * same);
      }
    }
  }));
}

TEST_CASE(
    "cancelled jobs count as longer than they ran: a slow worker is not taken for a fast one") {
  FleetConfig uneven;
  uneven.workers = 5;
  uneven.delay = "4*exponential(rate=1),1*exponential(rate=0.2)";
  WatchedRun run("k-sync(k=3)", uneven, 17);
  run.fleet.begin();
  std::vector<double> medians;
  for (int look = 0; look < 50; ++look) {
    for (int event = 0; event < 300; ++event) REQUIRE(run.advance());
    const WorkerPicture slow = run.figures.picture().workers[4];
    CHECK(slow.unfinished > slow.steps);
    medians.push_back(slow.median);
  }
  // ln 2 / 0.2 = 3.5. Those jobs of it that are done take 0.4 at their median, as rounds are short.
  std::sort(medians.begin(), medians.end());
  CHECK(medians[25] > 2);
}

TEST_CASE("a worker that is never done: its median is beyond what is known") {
  FleetConfig uneven;
  uneven.workers = 4;
  uneven.delay = "3*constant(value=1),1*constant(value=100)";
  WatchedRun run("k-sync(k=2)", uneven, 1);
  run.fleet.begin();
  for (int event = 0; event < 50; ++event) REQUIRE(run.advance());
  const RunPicture picture = run.figures.picture();
  CHECK(picture.workers[0].median == doctest::Approx(1));
  CHECK(picture.workers[3].steps == 0);
  CHECK(std::isinf(picture.workers[3].median));
}

TEST_CASE("the rate of updates: of the last ones, up to the present") {
  WatchedRun run("sync", 2, 5);
  run.fleet.begin();
  std::vector<double> times;
  while (times.size() < 200) {
    const Version before = run.fleet.host().version();
    REQUIRE(run.advance());
    if (run.fleet.host().version() != before) times.push_back(run.fleet.now());
    const double rate = run.figures.picture().update_rate;
    if (times.size() < 2) {
      CHECK(std::isnan(rate));
      continue;
    }
    const std::size_t known = std::min(times.size(), RunPicture::window);
    const double length = run.fleet.now() - times[times.size() - known];
    CHECK(rate == doctest::Approx(static_cast<double>(known - 1) / length));
  }
}

TEST_CASE("drops are counted by their reasons, K is the published one") {
  WatchedRun run("k-sync(k=2, rest=finish)", 4, 9);
  run.fleet.begin();
  for (int event = 0; event < 400; ++event) REQUIRE(run.advance());
  const RunPicture picture = run.figures.picture();
  CHECK(picture.k == 2);
  CHECK(picture.drops.at("stale") == picture.account.dropped);
  CHECK(picture.account.dropped > 0);
}

TEST_CASE("somebody else looks while the run goes on") {
  WatchedRun run("k-batch-async(k=2)", 6, 21);
  std::atomic<bool> over = false;
  std::uint64_t looks = 0;
  std::thread reader([&] {
    Version last = 0;
    do {
      const RunPicture picture = run.figures.picture();
      CHECK(picture.version >= last);
      CHECK(picture.workers.size() == 6);
      last = picture.version;
      ++looks;
    } while (!over);
  });
  run.fleet.begin();
  for (int event = 0; event < 20000; ++event) REQUIRE(run.advance());
  over = true;
  reader.join();
  CHECK(looks > 0);
  check_alike(run.figures.picture(), run);
}

}  // namespace
}  // namespace syncline
