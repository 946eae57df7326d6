// Workers that die and come back, and jobs that are stopped, as a policy and its account see them.

#include <doctest/doctest.h>

#include "support/manual_clock.hpp"
#include "support/scripted_policy.hpp"
#include "support/transcript.hpp"
#include "syncline/host.hpp"

namespace syncline {
namespace {

using testing::ManualClock;
using testing::Script;
using testing::ScriptedPolicy;

Host host_of(const std::string& policy, std::uint32_t workers, bool shrink = false) {
  PolicyContext context;
  context.workers = workers;
  context.shrink = shrink;
  return {make_policy(policy, context), policy, workers};
}

TEST_CASE("a worker that dies at work, back again, does a new job at the version of that time") {
  Host host = host_of("async", 2);
  ManualClock clock;
  host.begin(0, clock);
  host.worker_down(1, 1, clock);
  CHECK(host.down(1));
  CHECK_FALSE(host.busy(1));
  CHECK(host.account().lost == 1);
  CHECK(host.account().in_flight == 1);
  clock.push(host, 0, 2);
  clock.push(host, 0, 3);
  host.worker_up(4, 1, clock);
  CHECK(host.busy(1));
  CHECK(host.job(1).read == 2);
  CHECK(host.job(1).job == 1);
  CHECK(host.job(1).start == 4);
  CHECK_FALSE(host.job(1).restart);
  clock.push(host, 1, 5);
  CHECK(host.version() == 3);
}

TEST_CASE("what is sent to a dead worker begins when it is back, and once only") {
  Host host = host_of("k-sync(k=1)", 2);
  ManualClock clock;
  host.begin(0, clock);
  host.worker_down(1, 1, clock);
  // Each update cancels the dead worker's job and sends it another: neither is counted.
  clock.push(host, 0, 2);
  clock.push(host, 0, 3);
  CHECK(host.account().started == 4);
  CHECK(host.account().cancelled == 0);
  host.worker_up(4, 1, clock);
  CHECK(host.account().started == 5);
  CHECK(host.job(1).read == 2);
}

TEST_CASE("a parked worker that dies is parked when it is back") {
  Host host = host_of("k-async(k=2)", 2);
  ManualClock clock;
  host.begin(0, clock);
  clock.push(host, 0, 1);
  host.worker_down(2, 0, clock);
  CHECK(host.account().lost == 0);
  host.worker_up(3, 0, clock);
  CHECK_FALSE(host.busy(0));
  host.worker_down(4, 0, clock);
  // The update restarts everybody: the dead one once it is back.
  clock.push(host, 1, 5);
  CHECK(host.version() == 1);
  CHECK_FALSE(host.busy(0));
  host.worker_up(6, 0, clock);
  CHECK(host.busy(0));
  CHECK(host.job(0).read == 1);
}

TEST_CASE("sync that may not shrink, all others pushed, waits for the dead by name") {
  Host host = host_of("sync", 3);
  ManualClock clock;
  host.begin(0, clock);
  host.worker_down(1, 2, clock);
  clock.push(host, 0, 2);
  CHECK(host.waits_for().empty());
  clock.push(host, 1, 3);
  CHECK(host.version() == 0);
  CHECK(host.waits_for() == std::vector<WorkerId>{2});
  host.worker_up(4, 2, clock);
  CHECK(host.waits_for().empty());
  clock.push(host, 2, 5);
  CHECK(host.version() == 1);
}

/// Notes the scale of each step, and each K that is published.
class Scales final : public HostObserver {
 public:
  void stepped(Slot, double scale, Version, double) override { scales.push_back(scale); }
  void published(const char* name, double value, double) override {
    if (std::string_view(name) == "k") published_k.push_back(value);
  }
  std::vector<double> scales, published_k;
};

TEST_CASE("sync that may shrink steps with the mean of those that are up") {
  Host host = host_of("sync", 3, true);
  Scales steps;
  host.add_observer(&steps);
  ManualClock clock;
  host.begin(0, clock);
  clock.push(host, 0, 1);
  clock.push(host, 1, 2);
  CHECK(host.version() == 0);
  host.worker_down(3, 2, clock);  // nobody else is waited for
  CHECK(host.version() == 1);
  clock.push(host, 1, 4);
  clock.push(host, 0, 5);
  CHECK(host.version() == 2);
  host.worker_up(6, 2, clock);
  clock.push(host, 0, 7);
  clock.push(host, 1, 8);
  CHECK(host.version() == 2);
  clock.push(host, 2, 9);
  CHECK(host.version() == 3);
  // Each payload was folded with weight 1/3.
  CHECK(steps.scales == std::vector<double>{1.5, 1.5, 1});
  CHECK(steps.published_k == std::vector<double>{3, 2, 3});
}

TEST_CASE("workers that are absent at the beginning join when they come up") {
  Host host = host_of("k-sync(k=2)", 3, true);
  ManualClock clock;
  host.begin(0, clock, {1, 2});
  CHECK(host.account().started == 1);
  clock.push(host, 0, 1);
  CHECK(host.version() == 1);
  host.worker_up(2, 2, clock);
  clock.push(host, 0, 3);
  CHECK(host.version() == 1);
  clock.push(host, 2, 4);
  CHECK(host.version() == 2);
}

/// One worker that does jobs of up to six steps of two gradients, and is stopped on its report.
Script stops_on_report() {
  Script script;
  script.begin = [](const Begin&, Actions& actions) { actions.send(0, {6, 12, 2}); };
  script.progressed = [](const Progressed& event, Actions& actions) { actions.stop(event.worker); };
  script.arrive = [](const Arrive& event, Actions& actions) {
    if (event.steps == 0) {
      actions.drop("nothing done");
    } else {
      actions.fold(0, 1);
    }
    actions.send(0, {6, 12, 2});
  };
  return script;
}

TEST_CASE("a stopped job counts what it has done, and its interrupted gradient is spent") {
  Host host(std::make_unique<ScriptedPolicy>(stops_on_report()), "stops", 1);
  ManualClock clock;
  host.begin(0, clock);
  CHECK(clock.reporting() == std::vector<WorkerId>{0});
  clock.report(host, 0, 1);
  CHECK(host.busy(0));
  clock.push(host, 0, 2, 3);  // it got so far before it heard
  CHECK(host.account().held == 1);
  CHECK(host.job(0).gradient == 7);  // three steps of two, and the one that was begun
  clock.report(host, 0, 3);
  clock.push(host, 0, 4, 0);
  CHECK(host.account().dropped == 1);
  CHECK(host.job(0).gradient == 8);
  clock.report(host, 0, 5);
  clock.push(host, 0, 6, 6);
  CHECK(host.job(0).gradient == 20);
  CHECK(host.account().computed == 3);
}

TEST_CASE("a job that does less though nobody stopped it, or more than it was sent, is refused") {
  Host host(std::make_unique<ScriptedPolicy>(stops_on_report()), "stops", 1);
  ManualClock clock;
  host.begin(0, clock);
  CHECK_THROWS_AS(host.arrive(1, 0, 3, clock), LawViolation);
  Host other(std::make_unique<ScriptedPolicy>(stops_on_report()), "stops", 1);
  other.begin(0, clock);
  other.progressed(1, 0, clock);
  CHECK_THROWS_AS(other.arrive(2, 0, 7, clock), LawViolation);
}

TEST_CASE("a worker that dies or comes back twice is refused") {
  Host host = host_of("async", 2);
  ManualClock clock;
  host.begin(0, clock);
  CHECK_THROWS_AS(host.worker_up(1, 0, clock), LawViolation);
  Host other = host_of("async", 2);
  other.begin(0, clock);
  other.worker_down(1, 0, clock);
  CHECK_THROWS_AS(other.worker_down(2, 0, clock), LawViolation);
  CHECK_THROWS_AS(other.arrive(2, 0, clock), LawViolation);
}

}  // namespace
}  // namespace syncline
