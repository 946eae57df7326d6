#include <doctest/doctest.h>

#include "support/manual_clock.hpp"
#include "support/scripted_policy.hpp"
#include "syncline/host.hpp"

namespace syncline {
namespace {

using testing::ManualClock;
using testing::Script;
using testing::ScriptedPolicy;

TEST_CASE("an armed timer, everybody parked, is no deadlock until it is disarmed") {
  Script script;
  script.begin = [](const Begin&, Actions& actions) {
    actions.park(0);
    actions.arm(7, 2.5);
  };
  script.timer_fired = [](const TimerFired& event, Actions& actions) {
    CHECK(event.timer == 7);
    if (event.time > 3) return;  // not armed again: now nothing can happen
    actions.arm(7, 1);
    actions.arm(8, 1);
    actions.disarm(8);
  };
  Host host(std::make_unique<ScriptedPolicy>(script), "timers", 1);
  ManualClock clock;
  host.begin(0, clock);
  CHECK(clock.timers() == std::vector<std::uint32_t>{7});
  clock.disarm(7);
  host.timer_fired(2.5, 7, clock);
  CHECK(clock.timers() == std::vector<std::uint32_t>{7});
  try {
    host.timer_fired(3.5, 7, clock);
    FAIL("no violation");
  } catch (const LawViolation& violation) {
    CHECK(violation.law() == 4);
    CHECK(std::string(violation.what()).find("event: TimerFired at time 3.5") != std::string::npos);
  }
}

}  // namespace
}  // namespace syncline
