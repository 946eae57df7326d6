// The rule of `auto`, and the schedule driven by losses and noise whose truth is known.

#include "policy/k_variants/auto_k.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck.h>

#include "syncline/error.hpp"

namespace syncline {
namespace {

/// K-batch-async on workers that push every `gap`: T(K) = gap * K.
struct Run {
  explicit Run(std::uint64_t k_max, double loss_gap = 0.125)
      : schedule({8, 2, 1, k_max, {}}, std::make_unique<PushRate>()), gap(loss_gap) {
    schedule.began({0, 8}, actions);
    schedule.next({0, "train_loss", loss}, k, actions);
  }

  /// Updates until the schedule asks; the loss falls by gain - noise / K at each of them.
  void window(double gain, double noise) {
    for (;;) {
      actions.reset();
      for (std::uint64_t i = 0; i < k; ++i) schedule.arrived({time += gap, 0, 0, 0, 0});
      loss -= gain - noise / static_cast<double>(k);
      schedule.stepped({time, 0}, k, {}, actions);
      if (actions.list().empty()) continue;
      REQUIRE(actions.list().size() == 2);
      actions.reset();
      k = schedule.next({time, "train_loss", loss}, k, actions);
      k = schedule.next({time, "noise_cost", noise}, k, actions);
      return;
    }
  }

  AutoK schedule;
  Actions actions;
  std::uint64_t k = 4;
  double gap;
  double time = 0;
  double loss = 1000;
};

double published(const Actions& actions, std::string_view name) {
  for (const Action& action : actions.list()) {
    if (action.kind == Action::Kind::set && action.text == name) return action.number;
  }
  return std::numeric_limits<double>::quiet_NaN();
}

TEST_CASE("auto, no noise, goes down to k_min, where updates come fastest") {
  Run run(8);
  for (int i = 0; i < 6; ++i) run.window(1, 0);
  CHECK(run.k == 1);
}

TEST_CASE("auto, gain and noise steady, settles at 2 N / G where time is linear in K") {
  // (G - N / K) / K is largest at K = 2 N / G. Hysteresis may stop it 10 % of speed before.
  for (const double optimum : {2.0, 3.0, 6.0, 12.0, 40.0}) {
    CAPTURE(optimum);
    Run run(64);
    for (int i = 0; i < 60; ++i) run.window(1e-3, 1e-3 * optimum / 2);
    const auto speed = [&](double k) { return (1 - optimum / 2 / k) / k; };
    CHECK(1.1 * speed(static_cast<double>(run.k)) >= speed(optimum));
  }
}

TEST_CASE("auto, noise that eats every gain, doubles K up to k_max and stays there") {
  Run run(23);
  std::vector<std::uint64_t> ks;
  for (int i = 0; i < 5; ++i) {
    run.window(-1, 0.01);
    ks.push_back(run.k);
  }
  CHECK(ks == std::vector<std::uint64_t>{8, 16, 23, 23, 23});
}

TEST_CASE("auto, a change of K, publishes the quantities that explain it, and no change none") {
  Run run(8);
  run.window(1e-3, 2.5e-3);  // the optimum is 5: not worth a move from 4
  CHECK(run.k == 4);
  CHECK(run.actions.list().empty());
  Run changed(8);
  changed.window(1e-3, 4e-3);
  CHECK(changed.k == 8);
  CHECK(std::abs(published(changed.actions, "loss_fall")) < 1e-10);
  CHECK(published(changed.actions, "noise_loss") == doctest::Approx(1e-3));
  CHECK(published(changed.actions, "runtime") == doctest::Approx(0.5));
  CHECK(published(changed.actions, "next_loss_fall") == doctest::Approx(5e-4));
  CHECK(published(changed.actions, "next_runtime") == doctest::Approx(1));
}

TEST_CASE("auto, step size linear in K, knows that a larger K makes larger steps") {
  AutoK::Settings settings{8, 2, 1, 8, [](double k) { return k / 8; }};
  AutoK schedule(settings, std::make_unique<PushRate>());
  Actions actions;
  schedule.began({0, 8}, actions);
  schedule.next({0, "train_loss", 10}, 4, actions);
  double time = 0;
  for (int update = 0; update < 8; ++update) {
    for (int i = 0; i < 4; ++i) schedule.arrived({time += 1, 0, 0, 0, 0});
    schedule.stepped({time, 0}, 4, {}, actions);
  }
  // Per unit of time every K gains alike, D(K) = K (G - N / 8) / 8 and T(K) = K: no reason to move.
  schedule.next({time, "train_loss", 9}, 4, actions);
  CHECK(schedule.next({time, "noise_cost", 0.05}, 4, actions) == 4);
}

TEST_CASE("auto, losses and noise of any kind, keeps K within its bounds and half to twice") {
  CHECK(rc::check("bounded", [] {
    const auto k_max = *rc::gen::inRange<std::uint64_t>(4, 200);
    Run run(k_max);
    const auto exponents = *rc::gen::container<std::vector<int>>(rc::gen::inRange(-40, 40));
    for (const int exponent : exponents) {
      const std::uint64_t before = run.k;
      const double noise =
          *rc::gen::element(std::pow(2.0, exponent), -1.0, 0.0, double(NAN), double(INFINITY));
      run.window(*rc::gen::element(1.0, -1.0, 0.0, 1e-9, double(NAN)), noise);
      RC_ASSERT(run.k >= 1);
      RC_ASSERT(run.k <= k_max);
      RC_ASSERT(run.k <= 2 * before);
      RC_ASSERT(2 * run.k >= before);
    }
  }));
}

TEST_CASE("auto, candidates at any K and bounds, ascend within them and hold the current one") {
  CHECK(rc::check("ladder", [] {
    const auto k_min = *rc::gen::inRange<std::uint64_t>(1, 50);
    const auto current = k_min + *rc::gen::inRange<std::uint64_t>(0, 5000);
    const auto k_max = current + *rc::gen::inRange<std::uint64_t>(0, 5000);
    const auto ks = auto_rule::candidates(current, k_min, k_max);
    RC_ASSERT(ks.size() <= 24);
    RC_ASSERT(std::count(ks.begin(), ks.end(), current) == 1);
    RC_ASSERT(std::is_sorted(ks.begin(), ks.end(), std::less_equal<>()));
    RC_ASSERT(ks.front() == std::max(k_min, (current + 1) / 2));
    RC_ASSERT(ks.back() == std::min(k_max, 2 * current));
  }));
}

TEST_CASE("auto, arguments that contradict each other, is refused; k_max = 0 is P") {
  PolicyContext context;
  context.workers = 8;
  const auto make = [&](const std::string& text) { return make_policy(text, context); };
  for (const char* text : {"auto(base=async)", "auto(base=k-async, interval=0)",
                           "auto(base=k-async, k_min=0)", "auto(base=k-async, k_min=4, k_max=3)",
                           "auto(base=k-async, k_max=9)", "auto(base=k-sync, k_min=9)"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(static_cast<void>(make(text)), ConfigError);
  }
  CHECK_NOTHROW(static_cast<void>(make("auto(base=k-batch-sync, k_min=9)")));
  CHECK_NOTHROW(static_cast<void>(make("auto(base=k-batch-async, k_max=99)")));
  CHECK(make("auto(base=k-async)")->state().at("k") == 2);
  CHECK(make("auto(base=k-async, k_min=5)")->state().at("k") == 5);
  CHECK(make("auto(base=k-async, k_max=1)")->state().at("k") == 1);
}

}  // namespace
}  // namespace syncline
