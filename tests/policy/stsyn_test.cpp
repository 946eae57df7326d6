// STSyn's rounds, event by event: who is stopped when, and what becomes of what they have done.

#include <doctest/doctest.h>

#include "support/manual_clock.hpp"
#include "syncline/error.hpp"
#include "syncline/host.hpp"

namespace syncline {
namespace {

using testing::ManualClock;

/// The weight of each displacement in the steps, and how often somebody was stopped.
class Weights final : public HostObserver {
 public:
  void folded(const Job&, double, Slot, double weight) override { folded_.push_back(weight); }
  void stepped(Slot, double scale, Version, double) override {
    weights.clear();
    for (const double weight : folded_) weights.push_back(weight * scale);
    folded_.clear();
  }
  void stopped(const Job&, double) override { ++stops; }
  std::vector<double> weights;  ///< of the last step
  int stops = 0;

 private:
  std::vector<double> folded_;
};

/// A round of four or fewer workers that have begun; time goes by itself.
struct Fleet {
  explicit Fleet(const std::string& policy, std::uint32_t workers, bool shrink = false)
      : host(make(policy, workers, shrink), policy, workers) {
    host.add_observer(&steps);
    host.begin(0, clock);
  }
  static std::unique_ptr<Policy> make(const std::string& policy, std::uint32_t workers,
                                      bool shrink) {
    PolicyContext context;
    context.workers = workers;
    context.shrink = shrink;
    return make_policy(policy, context);
  }
  void report(WorkerId worker) { clock.report(host, worker, ++time); }
  void push(WorkerId worker) { clock.push(host, worker, ++time); }
  void push_stopped(WorkerId worker, std::uint32_t steps_done) {
    clock.push(host, worker, ++time, steps_done);
  }
  void down(WorkerId worker) { host.worker_down(++time, worker, clock); }
  void up(WorkerId worker) { host.worker_up(++time, worker, clock); }

  Weights steps;
  Host host;
  ManualClock clock;
  double time = 0;
};

TEST_CASE("stsyn's round ends with the K-th report, and all who have done a step are averaged") {
  Fleet fleet("stsyn(k=2, steps=3, cap=6, rate=0.6)", 4);
  CHECK(fleet.host.job(1).work.steps == 6);
  CHECK(fleet.host.job(1).work.report == 3);
  fleet.report(2);
  CHECK(fleet.steps.stops == 0);
  fleet.report(0);
  CHECK(fleet.steps.stops == 4);
  fleet.push_stopped(0, 3);
  fleet.push_stopped(1, 0);
  fleet.push_stopped(3, 1);
  CHECK(fleet.host.version() == 0);
  fleet.push_stopped(2, 5);
  CHECK(fleet.host.version() == 1);
  CHECK(fleet.steps.weights.size() == 3);
  for (const double weight : fleet.steps.weights) {
    CHECK(weight == doctest::Approx(0.2).epsilon(1e-15));
  }
  CHECK(fleet.host.account().dropped == 1);
  CHECK(fleet.host.account().cancelled == 0);
  for (WorkerId worker = 0; worker < 4; ++worker) {
    CHECK(fleet.host.busy(worker));
    CHECK(fleet.host.job(worker).read == 1);
    CHECK(fleet.host.job(worker).work.steps == 6);
  }
}

TEST_CASE("a worker of stsyn that has done all that it may pushes by itself, and waits") {
  Fleet fleet("stsyn(k=2, steps=3, cap=6)", 3);
  fleet.report(1);
  fleet.push(1);
  CHECK_FALSE(fleet.host.busy(1));
  CHECK(fleet.host.version() == 0);
  fleet.report(0);
  fleet.push_stopped(2, 1);
  CHECK(fleet.host.version() == 0);
  fleet.push_stopped(0, 3);
  CHECK(fleet.host.version() == 1);
  CHECK(fleet.steps.weights.size() == 3);
}

TEST_CASE("stsyn with nobody left to stop steps at once") {
  // At U = cap a push is a report too.
  Fleet fleet("stsyn(k=2, steps=3, cap=3)", 2);
  fleet.push(1);
  fleet.push(0);
  CHECK(fleet.host.version() == 1);
  CHECK(fleet.steps.weights == std::vector<double>{0.5, 0.5});
}

TEST_CASE("stsyn does not wait for the push of a worker that went down after it was stopped") {
  Fleet fleet("stsyn(k=1, steps=2, cap=4)", 3);
  fleet.report(0);
  fleet.push_stopped(0, 2);
  fleet.down(1);
  CHECK(fleet.host.version() == 0);
  SUBCASE("the last one awaited pushes") {
    fleet.push_stopped(2, 1);
    CHECK(fleet.steps.weights == std::vector<double>{0.5, 0.5});
  }
  SUBCASE("the last one awaited goes down") {
    fleet.down(2);
    CHECK(fleet.steps.weights == std::vector<double>{1});
  }
  SUBCASE("it is back while another pushes, and begins anew at the step") {
    fleet.up(1);
    CHECK(fleet.host.job(1).read == 0);
    fleet.push_stopped(2, 1);
    CHECK(fleet.steps.weights == std::vector<double>{0.5, 0.5});
    CHECK(fleet.host.job(1).read == 1);
  }
  CHECK(fleet.host.version() == 1);
  if (fleet.host.down(1)) fleet.up(1);
  CHECK(fleet.host.job(1).read == 1);
  CHECK(fleet.host.job(1).work.steps == 4);
}

TEST_CASE("stsyn does not count a worker whose steps went down with it, until it has done others") {
  Fleet fleet("stsyn(k=2, steps=2, cap=4)", 3);
  fleet.report(0);
  fleet.down(0);
  fleet.report(1);
  CHECK(fleet.host.busy(1));
  SUBCASE("it is away when the round ends, and is not stopped") {
    fleet.report(2);
    fleet.push_stopped(1, 3);
    fleet.push_stopped(2, 2);
  }
  SUBCASE("it is back, and reports again") {
    fleet.up(0);
    fleet.report(0);
    fleet.push_stopped(1, 3);
    fleet.push_stopped(2, 0);
    fleet.push_stopped(0, 2);
  }
  CHECK(fleet.host.version() == 1);
  CHECK(fleet.steps.weights == std::vector<double>{0.5, 0.5});
}

TEST_CASE("stsyn begins a round anew if all that was done in it is lost") {
  Fleet fleet("stsyn(k=1, steps=2, cap=4)", 2);
  fleet.report(0);
  fleet.push_stopped(1, 0);
  CHECK_FALSE(fleet.host.busy(1));
  fleet.down(0);
  CHECK(fleet.host.version() == 0);
  CHECK(fleet.host.busy(1));
  fleet.report(1);
  fleet.push_stopped(1, 2);
  CHECK(fleet.host.version() == 1);
}

TEST_CASE("stsyn with fewer workers up than K waits for the others, or goes on if it may shrink") {
  for (const bool shrink : {false, true}) {
    CAPTURE(shrink);
    Fleet fleet("stsyn(k=2, steps=2, cap=4)", 2, shrink);
    fleet.report(1);
    fleet.down(0);
    if (shrink) {
      fleet.push_stopped(1, 2);
    } else {
      fleet.push(1);
      CHECK(fleet.host.waits_for() == std::vector<WorkerId>{0});
    }
    CHECK(fleet.host.version() == (shrink ? 1 : 0));
  }
}

TEST_CASE("stsyn that waits for more than there are, or caps below what it waits for, is refused") {
  PolicyContext context;
  context.workers = 4;
  for (const char* text : {"stsyn(k=5)", "stsyn(steps=0)", "stsyn(steps=4, cap=3)", "stsyn(rate=0)",
                           "stsyn(cap=10000001)"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(static_cast<void>(make_policy(text, context)), ConfigError);
  }
  CHECK_NOTHROW(static_cast<void>(make_policy("stsyn", context)));
}

}  // namespace
}  // namespace syncline
