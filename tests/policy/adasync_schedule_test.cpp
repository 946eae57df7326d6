// AdaSync at work: clamping, rounding, losses of every kind, and when K may change.

#include <cmath>
#include <limits>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck.h>

#include "policy/k_variants/adasync.hpp"
#include "support/manual_clock.hpp"
#include "syncline/host.hpp"

namespace syncline {
namespace {

using testing::ManualClock;
using Rule = AdaSync::Rule;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

AdaSync::Settings settings(Rule rule, std::uint64_t k0) {
  AdaSync::Settings result;
  result.rule = rule;
  result.k0 = k0;
  result.interval = 1;
  result.workers = 8;
  result.k_max = 8;
  for (std::uint64_t k = 1; k <= 8; ++k) result.runtimes.push_back(double(k));
  return result;
}

/// K after each of these losses, the first of which is F(w_0).
std::vector<std::uint64_t> ks(const AdaSync::Settings& chosen, const std::vector<double>& losses) {
  AdaSync schedule(chosen);
  std::vector<std::uint64_t> result;
  std::uint64_t k = chosen.k0;
  Actions actions;
  for (const double loss : losses) {
    result.push_back(k = schedule.next({0, "train_loss", loss}, k, actions));
  }
  return result;
}

using Ks = std::vector<std::uint64_t>;

TEST_CASE("adasync, a falling loss, rounds to nearest and stops at k_max") {
  CHECK(ks(settings(Rule::square_root, 1), {8, 8, 4, 2, 1, 0.125, 1e-9}) ==
        Ks{1, 1, 1, 2, 3, 8, 8});
  CHECK(ks(settings(Rule::quadratic, 1), {8, 8, 4, 2, 1, 0.125, 1e-9}) == Ks{1, 1, 1, 2, 3, 5, 8});
  CHECK(ks(settings(Rule::general, 2), {9, 4, 1, 0.01}) == Ks{2, 3, 6, 8});
}

TEST_CASE("adasync, k_max beyond P, goes beyond P") {
  auto beyond = settings(Rule::square_root, 2);
  beyond.k_max = 20;
  CHECK(ks(beyond, {16, 1, 0.01}) == Ks{2, 8, 20});
}

TEST_CASE("adasync, a rising loss, keeps K if monotone and lowers it to 1 at least if not") {
  auto chosen = settings(Rule::square_root, 4);
  CHECK(ks(chosen, {1, 4, 1e6, 0.25, 1}) == Ks{4, 4, 4, 8, 8});
  chosen.monotone = false;
  CHECK(ks(chosen, {1, 4, 1e6, 0.25, 1}) == Ks{4, 2, 1, 8, 4});
}

TEST_CASE("adasync, a loss of zero or below, takes k_max, whatever the first one was") {
  for (const Rule rule : {Rule::square_root, Rule::quadratic, Rule::general}) {
    CHECK(ks(settings(rule, 2), {1, 0}) == Ks{2, 8});
    CHECK(ks(settings(rule, 2), {1, -1}) == Ks{2, 8});
    CHECK(ks(settings(rule, 2), {0, 0}) == Ks{2, 8});
    CHECK(ks(settings(rule, 2), {0, 1}) == Ks{2, 2});
    CHECK(ks(settings(rule, 2), {-1e-17, 1}) == Ks{2, 2});
    CHECK(ks(settings(rule, 2), {1, 5e-324}) == Ks{2, 8});
  }
}

TEST_CASE("adasync, a loss that is no number, changes nothing") {
  for (const Rule rule : {Rule::square_root, Rule::quadratic, Rule::general}) {
    CHECK(ks(settings(rule, 2), {1, nan, infinity, -infinity}) == Ks{2, 2, 2, 2});
    CHECK(ks(settings(rule, 2), {nan, 1, 0.01}) == Ks{2, 2, 2});
    CHECK(ks(settings(rule, 2), {infinity, 1, 0.01}) == Ks{2, 2, 2});
  }
}

TEST_CASE("adasync, any losses above zero, keeps K within 1..k_max and monotone if asked") {
  CHECK(rc::check("clamped and monotone", [] {
    auto chosen = settings(*rc::gen::element(Rule::square_root, Rule::quadratic, Rule::general),
                           *rc::gen::inRange<std::uint64_t>(1, 9));
    chosen.monotone = *rc::gen::arbitrary<bool>();
    const auto exponents = *rc::gen::container<std::vector<int>>(rc::gen::inRange(-300, 300));
    std::vector<double> losses;
    for (const int exponent : exponents) losses.push_back(std::pow(10.0, exponent));
    std::uint64_t last = 1;
    for (const std::uint64_t k : ks(chosen, losses)) {
      RC_ASSERT(k >= 1);
      RC_ASSERT(k <= 8);
      if (chosen.monotone) RC_ASSERT(k >= last);
      last = k;
    }
  }));
}

/// Checks, as the run goes, that K is published at the start and then only at update instants,
/// with no gradient held.
class PublishCheck final : public HostObserver {
 public:
  void folded(const Job&, double, Slot, double) override { ++held_; }
  void stepped(Slot, double, Version, double time) override {
    if (k_ > 0) right_counts_ = right_counts_ && held_ == static_cast<std::size_t>(k_);
    held_ = 0;
    last_update_ = time;
  }
  void published(const char* name, double value, double time) override {
    CHECK(std::string(name) == "k");
    at_updates_only_ = at_updates_only_ && held_ == 0 && time == last_update_;
    if (k_ > 0) ++changes_;
    k_ = value;
  }
  [[nodiscard]] bool right() const { return at_updates_only_ && right_counts_; }
  [[nodiscard]] int changes() const { return changes_; }

 private:
  std::size_t held_ = 0;
  double last_update_ = 0;
  double k_ = 0;
  bool at_updates_only_ = true;
  bool right_counts_ = true;  ///< every update had as many gradients as the K published before it
  int changes_ = 0;
};

TEST_CASE("adasync on each base, falling loss, changes K at update instants after its interval") {
  for (const char* base : {"k-sync", "k-batch-sync", "k-async", "k-batch-async"}) {
    CAPTURE(base);
    PolicyContext context;
    context.workers = 6;
    const std::string text = "adasync(base=" + std::string(base) + ", k0=1, interval=10)";
    Host host(make_policy(text, context), text, 6);
    PublishCheck check;
    host.add_observer(&check);
    ManualClock clock;
    host.begin(0, clock);
    REQUIRE(host.due_measurement() != nullptr);
    CHECK(host.due_measurement()->name == "train_loss");
    host.measured(0, 1, clock);
    double loss = 1;
    double last_measured = 0;
    for (int event = 1; event <= 400; ++event) {
      const Version before = host.version();
      // Round robin over who started first.
      clock.push(host, clock.busy().front(), event);
      if (host.due_measurement() == nullptr) continue;
      CHECK(host.version() == before + 1);
      CHECK(std::floor(event / 10.0) > std::floor(last_measured / 10.0));
      last_measured = event;
      loss *= 0.7;
      host.measured(event, loss, clock);
    }
    CHECK(check.right());
    CHECK(check.changes() >= 4);
    CHECK(last_measured > 300);
  }
}

}  // namespace
}  // namespace syncline
