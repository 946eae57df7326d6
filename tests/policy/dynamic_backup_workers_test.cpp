// DBW at its ends, where the best K is plain: through a host, with scalars that are made up.

#include <algorithm>
#include <cmath>
#include <set>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck.h>

#include "support/made_up_scalars.hpp"
#include "support/manual_clock.hpp"
#include "syncline/error.hpp"
#include "syncline/host.hpp"

namespace syncline {
namespace {

using testing::ManualClock;

constexpr std::uint32_t workers = 4;

/// Steps of a descent with curvature a = 0.2: gradients whose slope and noise are as given.
class Slope final : public ScalarSource {
 public:
  Slope(double slope, double noise) : slope_(slope), noise_(noise) {}
  /// The step to come is on k gradients, each folded with 1 / weighed_by.
  void expect(double k, double weighed_by) {
    k_ = k;
    share_ = k / weighed_by;
  }
  void describe(const Job&, Arrive&) override {}
  void describe(Stepped& event) override {
    event.norm = share_ * std::sqrt(slope_ + noise_ / k_);
    event.dot = share_ * share_before_ * (slope_ - 0.2 * (slope_ + noise_ / before_));
    event.spread = k_ > 1 ? noise_ : NAN;
    before_ = k_;
    share_before_ = share_;
  }

 private:
  double slope_, noise_;
  double k_ = workers, before_ = workers;
  double share_ = 1, share_before_ = 1;  ///< what the weights in a step add up to
};

/// Worker i needs time (i + 1) * pace + lead, always. Returns the K after so many updates.
std::uint64_t chosen(const std::string& policy, Slope scalars, double lead, double pace,
                     std::uint64_t updates, bool down = false) {
  PolicyContext context;
  context.workers = workers;
  context.shrink = down;
  Host host(make_policy(policy, context), policy, workers);
  host.set_scalar_source(&scalars);
  ManualClock clock;
  host.begin(0, clock);
  if (down) host.worker_down(0, workers - 1, clock);
  const auto k = [&] { return host.policy().state().at("k").get<std::uint64_t>(); };
  while (host.version() < updates) {
    const auto ends = [&](WorkerId worker) {
      return host.job(worker).start + lead + pace * (worker + 1);
    };
    const auto busy = clock.busy();
    const WorkerId next = *std::min_element(busy.begin(), busy.end(), [&](WorkerId a, WorkerId b) {
      return ends(a) != ends(b) ? ends(a) < ends(b) : a < b;
    });
    const std::uint64_t up = down ? workers - 1 : workers;
    scalars.expect(static_cast<double>(std::min(k(), up)), static_cast<double>(k()));
    clock.push(host, next, ends(next));
  }
  return k();
}

TEST_CASE("dbw takes K = 1 without noise, where each further gradient costs time") {
  CHECK(chosen("dbw", Slope(1, 0), 0, 1, 50) == 1);
  CHECK(chosen("dbw(rest=cancel)", Slope(1, 0), 0, 1, 50) == 1);
}

TEST_CASE("dbw takes K = P where all gradients come at once, and where only noise is left") {
  for (const char* policy : {"dbw", "dbw(rest=cancel)"}) {
    CHECK(chosen(policy, Slope(1, 0), 1, 0, 50) == workers);
    CHECK(chosen(policy, Slope(0, 1), 0, 1, 50) == workers);
  }
}

TEST_CASE("dbw takes the K of the largest gain over time in between") {
  // Times 4 + k; gains 0.9 x 1 - 0.1 x 5 / k.
  std::uint64_t best = 1;
  const auto speed = [](double k) { return (0.9 - 0.1 * 5 / k) / (4 + k); };
  for (std::uint64_t k = 2; k <= workers; ++k) {
    if (speed(static_cast<double>(k)) > speed(static_cast<double>(best))) best = k;
  }
  REQUIRE(best > 1);
  REQUIRE(best < workers);
  CHECK(chosen("dbw(rest=cancel)", Slope(1, 5), 4, 1, 50) == best);
}

TEST_CASE("dbw that may shrink goes on with those that are up, and steps on their mean") {
  CHECK(chosen("dbw", Slope(0, 1), 0, 1, 50, true) == workers);
  CHECK(chosen("dbw", Slope(1, 0), 0, 1, 50, true) == 1);
  // At K = P the aggregate is 3/4 of a mean of 3; taken for a mean, it would hide the slope.
  CHECK(chosen("dbw(rest=cancel)", Slope(1, 5), 4, 1, 50, true) == 2);
}

/// Whose gradients are in the slot, and whether anything was cancelled.
class Steps final : public HostObserver {
 public:
  void folded(const Job& job, double, Slot, double weight) override {
    fresh_ = fresh_ && job.read == version_ && workers_.insert(job.worker).second;
    weight_ += weight;
  }
  void stepped(Slot, double scale, Version version, double) override {
    mean_ = mean_ && std::abs(weight_ * scale - 1) < 1e-12;
    version_ = version;
    weight_ = 0;
    workers_.clear();
  }
  void cancelled(const Job&, double) override { interrupts_ = true; }
  [[nodiscard]] bool right() const { return fresh_ && mean_ && !interrupts_; }

 private:
  std::set<WorkerId> workers_;
  Version version_ = 0;
  double weight_ = 0;
  bool fresh_ = true, mean_ = true, interrupts_ = false;
};

TEST_CASE("dbw, any order of arrivals, steps on the mean of fresh gradients of unlike workers") {
  CHECK(rc::check("fresh, unlike, nobody interrupted", [] {
    const auto count = *rc::gen::inRange<std::uint32_t>(1, 9);
    const auto order =
        *rc::gen::container<std::vector<std::uint32_t>>(rc::gen::arbitrary<std::uint32_t>());
    PolicyContext context;
    context.workers = count;
    Host host(make_policy("dbw(window=2)", context), "dbw", count);
    testing::MadeUpScalars scalars;
    host.set_scalar_source(&scalars);
    Steps steps;
    host.add_observer(&steps);
    ManualClock clock;
    host.begin(0, clock);
    double time = 0;
    for (const std::uint32_t who : order) {
      clock.push(host, clock.busy()[who % clock.busy().size()], ++time);
    }
    RC_ASSERT(steps.right());
  }));
}

TEST_CASE("dbw without room for an estimate is refused") {
  CHECK_THROWS_AS(static_cast<void>(make_policy("dbw(window=1)", {})), ConfigError);
  CHECK_THROWS_AS(static_cast<void>(make_policy("dbw(rest=keep)", {})), ConfigError);
}

}  // namespace
}  // namespace syncline
