// The rule of `horizon`, and the schedule driven by losses whose progress and floor are known.

#include "policy/k_variants/horizon_k.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck.h>

#include "syncline/error.hpp"

namespace syncline {
namespace {

using Settings = HorizonK::Settings;

/// A run on 8 workers. What is not learnt yet falls by `progress` with each update, and noise keeps
/// the loss `floor` / K above it; both at a step size factor of 1.
struct Run {
  Run(Settings with, std::unique_ptr<UpdateTimes> times)
      : settings(with), schedule(std::move(with), std::move(times)) {
    schedule.began({0, 8}, actions);
  }
  virtual ~Run() = default;

  /// How long the r-th gradient of an update, from 0, is waited for.
  [[nodiscard]] virtual double gap(std::uint64_t place) const = 0;
  [[nodiscard]] double factor() const {
    return settings.step_size_factor ? settings.step_size_factor(static_cast<double>(k)) : 1;
  }

  /// Updates until the schedule asks, and its decision. Returns how many.
  std::uint64_t window(double progress, double floor) {
    double sum = 0;
    for (std::uint64_t updates = 1;; ++updates) {
      update(progress);
      sum += unlearnt;
      if (actions.list().empty()) continue;
      REQUIRE(actions.list().size() == 2);
      actions.reset();
      const double loss = unlearnt + factor() * floor / static_cast<double>(k);
      k = schedule.next({time, "train_loss", loss}, k, actions);
      k = schedule.next({time, "average_loss", sum / static_cast<double>(updates)}, k, actions);
      return updates;
    }
  }

  void update(double progress) {
    actions.reset();
    for (std::uint64_t i = 0; i < k; ++i) {
      time += gap(i);
      schedule.arrived({time, static_cast<WorkerId>(i % 8), 0, 0, 0});
    }
    unlearnt -= factor() * progress;
    schedule.stepped({time, 0}, k, {}, actions);
  }

  Settings settings;
  HorizonK schedule;
  Actions actions;
  std::uint64_t k = 4;
  double time = 0;
  double unlearnt = 1024;
};

/// K-batch-async on workers that push every `every`: T(K) = every * K.
struct Even final : Run {
  explicit Even(Settings with, double each = 0.125)
      : Run(std::move(with), std::make_unique<PushRate>()), every(each) {}
  [[nodiscard]] double gap(std::uint64_t) const override { return every; }
  double every;
};

/// K-sync with the mean gaps of exponential times: T(K) = 1/8 + 1/7 + ... for K of them.
struct Rounds final : Run {
  explicit Rounds(Settings with) : Run(std::move(with), std::make_unique<RoundTimes>(true)) {}
  [[nodiscard]] double gap(std::uint64_t place) const override {
    return 1 / (8 - static_cast<double>(place));
  }
};

Settings up_to(std::uint64_t k_max, std::uint64_t k_min = 1) { return {8, 1, k_min, k_max, {}}; }

double published(const Actions& actions, std::string_view name) {
  for (const Action& action : actions.list()) {
    if (action.kind == Action::Kind::set && action.text == name) return action.number;
  }
  return std::numeric_limits<double>::quiet_NaN();
}

TEST_CASE("horizon, expected change of the loss, is f (e / K - p H / T)") {
  CHECK(horizon_rule::expected_change({0.25, 3}, 16, 2, 4, 1) == 0.75 - 2);
  CHECK(horizon_rule::expected_change({0.25, 3}, 16, 2, 4, 0.5) == 0.5 * (0.75 - 2));
  CHECK(horizon_rule::expected_change({0, 3}, 16, 2, 6, 1) == 0.5);
}

TEST_CASE("horizon, its windows, are 16 updates and later an eighth of all before") {
  Even run(up_to(4, 4));
  std::uint64_t before = 0;
  for (int i = 0; i < 30; ++i) {
    const std::uint64_t updates = run.window(1, 0);
    CHECK(updates == std::max<std::uint64_t>(16, before / 8));
    before += updates;
  }
  CHECK(before > 600);
}

TEST_CASE("horizon, progress and no floor, goes down to k_min after a first window to compare") {
  Even run(up_to(8));
  std::vector<std::uint64_t> ks;
  for (int i = 0; i < 4; ++i) {
    run.window(1, 0);
    ks.push_back(run.k);
  }
  CHECK(ks == std::vector<std::uint64_t>{4, 2, 1, 1});
}

TEST_CASE("horizon, no progress, doubles K up to k_max and stays there") {
  for (const double progress : {0.0, -0.5}) {
    CAPTURE(progress);
    Even run(up_to(23));
    std::vector<std::uint64_t> ks;
    for (int i = 0; i < 6; ++i) {
      run.window(progress, 0.25);
      ks.push_back(run.k);
    }
    CHECK(ks == std::vector<std::uint64_t>{4, 8, 16, 23, 23, 23});
  }
}

TEST_CASE("horizon, a floor, waits with a small K until the time that has passed makes up for it") {
  // J(K) = (e - p t / every) / K: a large K before t = e every / p = 100, a small one after it.
  Even run(up_to(16));
  run.window(0.5, 400);
  bool small = false;
  bool large = false;
  while (run.time < 400) {
    const std::uint64_t before = run.k;
    run.window(0.5, 400);
    CAPTURE(run.time);
    if (run.time < 80) CHECK(run.k == std::min<std::uint64_t>(16, 2 * before));
    if (run.time > 120) CHECK(run.k == (before + 1) / 2);
    large = large || run.k == 16;
    small = small || run.k == 1;
  }
  CHECK(large);
  CHECK(small);
}

TEST_CASE("horizon, rounds that wait, takes the K whose bound is lowest within reach") {
  const auto runtime = [](std::uint64_t k) {
    double time = 0;
    for (std::uint64_t i = 0; i < k; ++i) time += 1 / (8 - static_cast<double>(i));
    return time;
  };
  for (const double horizon : {0.25, 1.0, 3.0}) {
    Settings settings = up_to(8);
    settings.horizon = horizon;
    Rounds run(settings);
    run.window(0.001, 5);
    bool between = false;
    for (int i = 0; i < 40; ++i) {
      const std::uint64_t before = run.k;
      run.window(0.001, 5);
      const auto bound = [&](std::uint64_t k) {
        return 5 / static_cast<double>(k) - 0.001 * horizon * run.time / runtime(k);
      };
      double least = bound(before);
      for (std::uint64_t k = (before + 1) / 2; k <= std::min<std::uint64_t>(8, 2 * before); ++k) {
        least = std::min(least, bound(k));
      }
      // It need not move for 5 % of the progress hoped for.
      const double worth = 0.05 * 0.001 * horizon * run.time / runtime(before);
      CHECK(bound(run.k) <= least + (run.k == before ? worth : 0) + 1e-9);
      between = between || (run.k > 1 && run.k < 8);
    }
    CHECK(between);
  }
}

TEST_CASE("horizon, a K that does not learn, is barred with those below until 4 times the time") {
  Even run(up_to(16));
  run.window(0, 0);
  run.window(0, 0);
  CHECK(run.k == 8);
  const double until = 4 * run.time;
  // From here on small K would be best. What was seen at 4 is forgotten: all that is known is how
  // far the mean of the window at 8, 8.5 updates in, is below that of the one before.
  run.window(1, 0);
  CHECK(run.schedule.state().at("progress").get<double>() == doctest::Approx(8.5 / 16));
  std::vector<std::uint64_t> ks = {run.k};
  while (run.time < until) {
    run.window(1, 0);
    if (run.time < until) ks.push_back(run.k);
  }
  REQUIRE(ks.size() >= 3);
  CHECK(std::all_of(ks.begin(), ks.end(), [](std::uint64_t k) { return k == 5; }));
  for (int i = 0; i < 4; ++i) run.window(1, 0);
  CHECK(run.k == 1);
}

TEST_CASE("horizon, one K alone or updates that take no time, changes nothing") {
  for (const double progress : {1.0, 0.0, -1.0}) {
    for (const std::uint64_t only : {1ULL, 8ULL}) {
      Even run(up_to(only, only));
      run.k = only;
      for (int i = 0; i < 10; ++i) run.window(progress, 1);
      CHECK(run.k == only);
      CHECK(run.actions.list().empty());
    }
  }
  Even run(up_to(8), 0);
  for (int i = 0; i < 10; ++i) run.window(1, 1);
  CHECK(run.k == 4);
}

TEST_CASE("horizon, times or losses multiplied, takes the same K") {
  const auto ks = [](double time, double loss) {
    Even run(up_to(40), 0.125 * time);
    run.unlearnt *= loss;
    std::vector<std::uint64_t> result;
    for (int i = 0; i < 60; ++i) {
      // Fast at first, then slower, and for a while not at all.
      run.window(i == 20 || i == 21 ? 0 : loss / (1 + i * i), 8 * loss);
      result.push_back(run.k);
    }
    return result;
  };
  const auto plain = ks(1, 1);
  CHECK(*std::min_element(plain.begin(), plain.end()) == 1);
  CHECK(*std::max_element(plain.begin(), plain.end()) > 4);
  for (const double scale : {0x1p-10, 0x1p20}) {
    CHECK(ks(scale, 1) == plain);
    CHECK(ks(1, scale) == plain);
  }
}

TEST_CASE("horizon, cloned or restored in a window, continues alike") {
  for (const int updates : {0, 5, 20, 40, 90}) {
    CAPTURE(updates);
    Even run(up_to(16));
    // No progress at first, so that something is barred.
    for (int window = 0; 16 * window < updates; ++window) run.window(window < 2 ? 0 : 1, 4);
    for (int i = 0; i < updates % 16; ++i) run.update(1);

    const auto clone = run.schedule.clone();
    HorizonK restored(run.settings, std::make_unique<PushRate>());
    const nlohmann::json state = run.schedule.state();
    restored.restore(nlohmann::json::parse(state.dump()));
    CHECK(restored.state() == state);
    CHECK(clone->state() == state);

    const auto drive = [&run](KSchedule& schedule) {
      std::vector<double> seen;
      Actions actions;
      std::uint64_t k = run.k;
      double time = run.time;
      for (int update = 0; update < 200; ++update) {
        actions.reset();
        schedule.arrived({time += 0.125 * static_cast<double>(k), 0, 0, 0, 0});
        schedule.stepped({time, 0}, k, {}, actions);
        if (actions.list().empty()) continue;
        k = schedule.next({time, "train_loss", 900.0 - update}, k, actions);
        k = schedule.next({time, "average_loss", 890.0 - update}, k, actions);
        seen.push_back(static_cast<double>(k));
        for (const Action& action : actions.list()) seen.push_back(action.number);
      }
      return seen;
    };
    const auto expected = drive(run.schedule);
    CHECK(expected.size() > 5);
    CHECK(drive(*clone) == expected);
    CHECK(drive(restored) == expected);
    CHECK(clone->state() == run.schedule.state());
    CHECK(restored.state() == run.schedule.state());
  }
}

TEST_CASE("horizon, a change of K, publishes what explains it, and no change nothing") {
  Even run(up_to(8));
  run.window(0.5, 8);
  CHECK(run.actions.list().empty());
  run.window(0.5, 8);
  REQUIRE(run.k == 2);
  CHECK(published(run.actions, "progress") == doctest::Approx(0.5));
  CHECK(published(run.actions, "floor") == doctest::Approx(2));
  CHECK(published(run.actions, "runtime") == doctest::Approx(0.5));
  CHECK(published(run.actions, "next_floor") == doctest::Approx(4));
  CHECK(published(run.actions, "next_runtime") == doctest::Approx(0.25));
  CHECK(run.actions.list().size() == 5);
}

TEST_CASE("horizon, step size that grows with K, knows what an update at another K learns") {
  // Per unit of time every K learns alike, and has the same floor: no reason to move.
  Settings settings = up_to(8);
  settings.step_size_factor = [](double k) { return k / 8; };
  Even linear(settings);
  for (int i = 0; i < 5; ++i) linear.window(1, 4);
  CHECK(linear.k == 4);

  settings.k_max = 32;
  settings.step_size_factor = [](double k) { return std::sqrt(k / 8); };
  Even root(settings);
  root.window(0.5, 400);
  std::uint64_t changes = 0;
  for (int i = 0; i < 20; ++i) {
    const std::uint64_t before = root.k;
    root.window(0.5, 400);
    if (root.k != before) ++changes;
    // Whatever K the two windows had.
    CHECK(root.schedule.state().at("progress").get<double>() == doctest::Approx(0.5).epsilon(0.02));
    CHECK(root.schedule.state().at("floor").get<double>() == doctest::Approx(400).epsilon(0.02));
  }
  CHECK(changes >= 4);
}

TEST_CASE("horizon, losses that are no numbers, keeps K and starts anew after them") {
  for (const double strange : {double(NAN), double(INFINITY)}) {
    Even run(up_to(16));
    run.window(1, 0);
    run.window(1, 0);
    REQUIRE(run.k == 2);
    const double before = run.unlearnt;
    run.unlearnt = strange;
    run.window(1, 0);
    CHECK(run.k == 2);
    // A number that is none would be null.
    CHECK(run.schedule.state().dump().find("null") == std::string::npos);
    run.unlearnt = before;
    run.window(1, 8);
    CHECK(run.k == 2);
    run.window(1, 8);
    CHECK(run.k == 1);
    CHECK(run.schedule.state().at("progress").get<double>() == doctest::Approx(1));
    CHECK(run.schedule.state().at("floor").get<double>() == doctest::Approx(8));
  }
}

TEST_CASE("horizon, progress and floors of any kind, keeps K in bounds and half to twice") {
  CHECK(rc::check("bounded", [] {
    const auto k_max = *rc::gen::inRange<std::uint64_t>(4, 200);
    Even run(up_to(k_max));
    const auto exponents = *rc::gen::container<std::vector<int>>(rc::gen::inRange(-40, 40));
    for (const int exponent : exponents) {
      const std::uint64_t before = run.k;
      const double progress = *rc::gen::element(1.0, -1.0, 0.0, 1e-9, double(NAN));
      const double floor =
          *rc::gen::element(std::pow(2.0, exponent), -1.0, 0.0, double(NAN), double(INFINITY));
      if (!std::isfinite(run.unlearnt)) run.unlearnt = 1000;
      run.window(progress, floor);
      RC_ASSERT(run.k >= 1);
      RC_ASSERT(run.k <= k_max);
      RC_ASSERT(run.k <= 2 * before);
      RC_ASSERT(2 * run.k >= before);
    }
  }));
}

TEST_CASE("horizon, arguments that contradict each other, is refused; k_max = 0 is P") {
  PolicyContext context;
  context.workers = 8;
  const auto make = [&](const std::string& text) { return make_policy(text, context); };
  for (const char* text : {"horizon(base=async)", "horizon(horizon=0)", "horizon(horizon=-1)",
                           "horizon(horizon=nan)", "horizon(k_min=0)", "horizon(k_min=4, k_max=3)",
                           "horizon(k_max=9)", "horizon(base=k-sync, k_min=9)"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(static_cast<void>(make(text)), ConfigError);
  }
  CHECK_NOTHROW(static_cast<void>(make("horizon(base=k-batch-sync, k_min=9)")));
  CHECK_NOTHROW(static_cast<void>(make("horizon(base=k-batch-async, k_max=99)")));
  CHECK(make("horizon")->state().at("k") == 2);
  CHECK(make("horizon(k_min=5)")->state().at("k") == 5);
  CHECK(make("horizon(k_max=1)")->state().at("k") == 1);
}

}  // namespace
}  // namespace syncline
