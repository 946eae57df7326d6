// What tables and jobs of several gradients do to the account and to the numbers of gradients.

#include <doctest/doctest.h>

#include "support/manual_clock.hpp"
#include "support/scripted_policy.hpp"
#include "syncline/host.hpp"

namespace syncline {
namespace {

using testing::ManualClock;
using testing::Script;

Host host_of(const Script& script, std::uint32_t workers) {
  return {std::make_unique<testing::ScriptedPolicy>(script), "scripted", workers};
}

Script with_tables(std::function<void(const Arrive&, Actions&)> arrive) {
  Script script;
  script.slots = 0;
  script.tables = 2;
  script.arrive = std::move(arrive);
  return script;
}

TEST_CASE("a payload put over one that no step has used drops that one; over a used one, nothing") {
  Host host = host_of(with_tables([](const Arrive& event, Actions& actions) {
                        actions.put(0);
                        if (event.job == 2) actions.step(0, 1);
                        actions.send(event.worker);
                      }),
                      1);
  ManualClock clock;
  host.begin(0, clock);
  clock.push(host, 0, 1);
  CHECK(host.account().held == 1);
  clock.push(host, 0, 2);
  CHECK(host.account().held == 1);
  CHECK(host.account().dropped == 1);
  clock.push(host, 0, 3);  // the third, and a step
  CHECK(host.account().dropped == 2);
  CHECK(host.account().applied == 1);
  CHECK(host.account().held == 0);
  clock.push(host, 0, 4);
  CHECK(host.account().dropped == 2);
  CHECK(host.account().held == 1);
}

TEST_CASE("a table can step again without anything new, until it is cleared") {
  Host host = host_of(with_tables([](const Arrive& event, Actions& actions) {
                        if (event.job == 0) actions.put(0);
                        if (event.job == 1) actions.drop("no");
                        if (event.job == 2) {
                          actions.drop("no");
                          actions.clear(0);
                        }
                        actions.step(0, 1);
                        actions.send(event.worker);
                      }),
                      1);
  ManualClock clock;
  host.begin(0, clock);
  clock.push(host, 0, 1);
  clock.push(host, 0, 2);
  CHECK(host.version() == 2);
  CHECK(host.account().applied == 1);
  CHECK_THROWS_AS(clock.push(host, 0, 3), LawViolation);
}

TEST_CASE("tables that are swapped take their payloads with them") {
  Host host = host_of(with_tables([](const Arrive& event, Actions& actions) {
                        actions.fold(1, 1);
                        if (event.job == 1) {
                          actions.swap(0, 1);
                          actions.step(0, 1);
                        }
                        actions.send(event.worker);
                      }),
                      2);
  ManualClock clock;
  host.begin(0, clock);
  clock.push(host, 0, 1);
  clock.push(host, 1, 2);
  CHECK(host.account().held == 2);
  clock.push(host, 0, 3);
  CHECK(host.account().applied == 3);
  CHECK(host.account().held == 0);
}

TEST_CASE("slots that are merged keep their payloads in the account until the step") {
  Script script;
  script.slots = 3;
  script.arrive = [](const Arrive& event, Actions& actions) {
    actions.fold(1 + event.worker, 1);
    if (event.job == 1) {
      actions.merge(1, 0, 0.5);
      actions.merge(2, 0, -2);
      actions.step(0, 1);
    }
    actions.send(event.worker);
  };
  Host host = host_of(script, 2);
  ManualClock clock;
  host.begin(0, clock);
  clock.push(host, 0, 1);
  clock.push(host, 1, 2);
  CHECK(host.account().held == 2);
  clock.push(host, 0, 3);
  CHECK(host.account().applied == 3);
  CHECK(host.account().held == 0);
  // Slot 1 is empty now.
  CHECK_THROWS_WITH_AS(clock.push(host, 1, 4), doctest::Contains("merged, and is empty"),
                       LawViolation);
}

TEST_CASE("the gradients of a worker are numbered through, cancelled jobs included") {
  Script script;
  script.begin = [](const Begin&, Actions& actions) { actions.send_all_parked({3, 5}); };
  script.arrive = [](const Arrive& event, Actions& actions) {
    actions.fold(0, 1);
    actions.send(event.worker, {2, 2});
    if (event.job == 0) {
      actions.cancel(event.worker);
      actions.send(event.worker);
    }
  };
  Host host = host_of(script, 1);
  ManualClock clock;
  host.begin(0, clock);
  CHECK(host.job(0).gradient == 0);
  CHECK(host.job(0).work.steps == 3);
  clock.push(host, 0, 1);
  CHECK(host.job(0).job == 2);
  CHECK(host.job(0).gradient == 7);
  CHECK(host.job(0).work.gradients == 1);
  clock.push(host, 0, 2);
  CHECK(host.job(0).gradient == 8);
}

}  // namespace
}  // namespace syncline
