// Every law of the host is shown to fire by a policy that breaks it, and the message to name law,
// policy and event.

#include <cmath>

#include <doctest/doctest.h>

#include "support/manual_clock.hpp"
#include "support/scripted_policy.hpp"
#include "syncline/host.hpp"

namespace syncline {
namespace {

using testing::ManualClock;
using testing::Script;
using testing::ScriptedPolicy;

Host host_of(const Script& script, std::uint32_t workers) {
  return {std::make_unique<ScriptedPolicy>(script), "broken(on=purpose)", workers};
}

/// A way to break a law, at Begin or at an arrival.
struct Offence {
  const char* name;
  int law;
  const char* event;
  const char* what;  ///< part of the message
  Script script;
};

template <class Change>
Script with(Change&& change) {
  Script script;
  change(script);
  return script;
}

Script arriving(std::function<void(const Arrive&, Actions&)> answer) {
  return with([&](Script& script) { script.arrive = std::move(answer); });
}

Script beginning(std::function<void(const Begin&, Actions&)> answer) {
  return with([&](Script& script) { script.begin = std::move(answer); });
}

std::vector<Offence> offences_against_law_1() {
  return {
      {"sends a busy worker", 1, "Arrive", "sent a job while busy",
       arriving([](const Arrive& event, Actions& actions) {
         actions.fold(0, 1);
         actions.send(event.worker);
         actions.send(event.worker);
       })},
      {"sends another worker, which is busy", 1, "Arrive", "worker 1 was sent a job while busy",
       arriving([](const Arrive& event, Actions& actions) {
         actions.fold(0, 1);
         actions.send({event.worker, 1});
       })},
      {"sends a job without work", 1, "Begin", "worker 0 was sent a job without work",
       beginning([](const Begin&, Actions& actions) {
         actions.send_all_parked({0, 1});
       })},
      {"sends a worker that does not exist", 1, "Begin", "worker 3 does not exist",
       beginning([](const Begin&, Actions& actions) {
         actions.send_all_parked();
         actions.send(3);
       })},
      {"neither sends nor parks the pusher", 1, "Arrive", "1 workers are neither sent again",
       arriving([](const Arrive&, Actions& actions) { actions.fold(0, 1); })},
      {"says nothing at the start", 1, "Begin", "3 workers are neither sent again",
       beginning([](const Begin&, Actions&) {})},
      {"cancels the idle", 1, "Begin", "worker 0 was cancelled while not busy",
       beginning([](const Begin&, Actions& actions) { actions.cancel(0); })},
      {"cancels a worker that does not exist", 1, "Begin", "worker 7 was cancelled",
       beginning([](const Begin&, Actions& actions) { actions.cancel(7); })},
      {"parks the busy", 1, "Arrive", "worker 2 was parked while busy",
       arriving([](const Arrive&, Actions& actions) {
         actions.fold(0, 1);
         actions.park(2);
       })},
      {"cancels without saying what next", 1, "Arrive", "neither sent again",
       arriving([](const Arrive& event, Actions& actions) {
         actions.fold(0, 1);
         actions.send(event.worker);
         actions.cancel_all_busy();
       })},
  };
}

std::vector<Offence> offences_against_law_2() {
  return {
      {"folds twice", 2, "Arrive", "folded that is not there",
       arriving([](const Arrive& event, Actions& actions) {
         actions.fold(0, 1);
         actions.fold(0, 1);
         actions.send(event.worker);
       })},
      {"folds and drops", 2, "Arrive", "dropped that is not there",
       arriving([](const Arrive& event, Actions& actions) {
         actions.fold(0, 1);
         actions.drop("also");
         actions.send(event.worker);
       })},
      {"never consumes", 2, "Arrive", "neither folded nor dropped",
       arriving([](const Arrive& event, Actions& actions) { actions.send(event.worker); })},
      {"folds where nothing has arrived", 2, "Begin", "folded that is not there",
       beginning([](const Begin&, Actions& actions) {
         actions.send_all_parked();
         actions.fold(0, 1);
       })},
      {"folds again after the step", 2, "Arrive", "folded that is not there", with([](Script& s) {
         s.stepped = [](const Stepped&, Actions& actions) { actions.fold(0, 1); };
       })},
      {"folds into an undeclared slot", 2, "Arrive", "slot 1 was not declared",
       arriving([](const Arrive& event, Actions& actions) {
         actions.fold(1, 1);
         actions.send(event.worker);
       })},
      {"clears an undeclared slot", 2, "Begin", "slot 4 was not declared",
       beginning([](const Begin&, Actions& actions) { actions.clear(4); })},
      {"puts into a slot that is no table", 2, "Arrive", "slot 0, which is no table",
       arriving([](const Arrive& event, Actions& actions) {
         actions.put(0);
         actions.send(event.worker);
       })},
      {"puts into an undeclared table", 2, "Arrive", "slot 1 was not declared",
       arriving([](const Arrive& event, Actions& actions) {
         actions.put(1);
         actions.send(event.worker);
       })},
      {"puts and folds", 2, "Arrive", "folded that is not there", with([](Script& script) {
         script.tables = 1;
         script.arrive = [](const Arrive& event, Actions& actions) {
           actions.put(1);
           actions.fold(0, 1);
           actions.send(event.worker);
         };
       })},
      {"swaps what is no table", 2, "Begin", "slot 0 was to be swapped, and is no table",
       beginning([](const Begin&, Actions& actions) { actions.swap(0, 0); })},
      {"merges an undeclared slot", 2, "Begin", "slot 1 was to be merged",
       beginning([](const Begin&, Actions& actions) { actions.merge(0, 1, 1); })},
      {"merges a slot with itself", 2, "Begin", "slot 0 was to be merged",
       beginning([](const Begin&, Actions& actions) { actions.merge(0, 0, 1); })},
      {"merges a table", 2, "Begin", "slot 1 was to be merged", with([](Script& script) {
         script.tables = 1;
         script.begin = [](const Begin&, Actions& actions) { actions.merge(1, 0, 1); };
       })},
      {"weighs with NaN", 2, "Arrive", "weight that is no number",
       arriving([](const Arrive&, Actions& actions) { actions.fold(0, std::nan("")); })},
  };
}

std::vector<Offence> offences_against_laws_3_and_4() {
  return {
      {"steps an empty slot", 3, "Arrive", "the empty slot 0",
       arriving([](const Arrive&, Actions& actions) {
         actions.drop("no");
         actions.step(0, 1);
       })},
      {"steps an undeclared slot", 3, "Begin", "slot 2",
       beginning([](const Begin&, Actions& actions) { actions.step(2, 1); })},
      {"steps an empty table", 3, "Begin", "the empty slot 1", with([](Script& script) {
         script.tables = 1;
         script.begin = [](const Begin&, Actions& actions) { actions.step(1, 1); };
       })},
      {"scales with infinity", 3, "Arrive", "scale that is no number",
       arriving([](const Arrive&, Actions& actions) {
         actions.fold(0, 1);
         actions.step(0, INFINITY);
       })},
      {"steps without end", 4, "Arrive", "without end", with([](Script& script) {
         // Nine payloads in as many slots, and then a step from each step.
         script.slots = 9;
         auto next = std::make_shared<Slot>(0);
         script.arrive = [next](const Arrive& event, Actions& actions) {
           actions.fold(*next, 1);
           if (++*next == 9) actions.step(*next = 0, 1);
           actions.send(event.worker);
         };
         script.stepped = [next](const Stepped&, Actions& actions) { actions.step(++*next, 1); };
       })},
      {"parks everybody at the start", 4, "Begin", "nothing can happen any more",
       beginning([](const Begin&, Actions& actions) {
         for (WorkerId worker = 0; worker < 3; ++worker) actions.park(worker);
       })},
      {"waits for more workers than there are", 4, "Arrive", "nothing can happen any more",
       arriving([](const Arrive& event, Actions& actions) {
         actions.fold(0, 1);
         actions.park(event.worker);
       })},
  };
}

void check_offence(const Offence& offence) {
  CAPTURE(offence.name);
  Host host = host_of(offence.script, 3);
  ManualClock clock;
  int law = 0;
  std::string message;
  try {
    host.begin(0, clock);
    for (int event = 1; event <= 20; ++event) clock.push(host, clock.busy().front(), event);
  } catch (const LawViolation& violation) {
    law = violation.law();
    message = violation.what();
  }
  CAPTURE(message);
  CHECK(law == offence.law);
  CHECK(message.find("law " + std::to_string(offence.law)) == 0);
  CHECK(message.find("'broken(on=purpose)'") != std::string::npos);
  CHECK(message.find(offence.what) != std::string::npos);
  CHECK(message.find("event: " + std::string(offence.event) + " at time ") != std::string::npos);
  const bool has_job = message.find(", job ") != std::string::npos;
  CHECK(has_job == (std::string_view(offence.event) == "Arrive"));
}

TEST_CASE("law 1, each way to break it, stops the run with law, policy and event") {
  for (const Offence& offence : offences_against_law_1()) check_offence(offence);
}

TEST_CASE("law 2, each way to break it, stops the run with law, policy and event") {
  for (const Offence& offence : offences_against_law_2()) check_offence(offence);
}

TEST_CASE("laws 3 and 4, each way to break them, stop the run with law, policy and event") {
  for (const Offence& offence : offences_against_laws_3_and_4()) check_offence(offence);
}

TEST_CASE("the script that all offences change, unchanged, breaks no law") {
  Host host = host_of(Script(), 3);
  ManualClock clock;
  host.begin(0, clock);
  for (int event = 1; event <= 100; ++event) clock.push(host, clock.busy().front(), event);
  CHECK(host.version() == 100);
  CHECK(host.account().applied == 100);
}

TEST_CASE("a job that was cancelled or never sent, delivered all the same, breaks law 3") {
  const auto violated = [](Host& host, ManualClock& clock, WorkerId worker) {
    try {
      host.arrive(9, worker, clock);
    } catch (const LawViolation& violation) {
      CHECK(std::string(violation.what()).find("a job was delivered that is not running") !=
            std::string::npos);
      return violation.law();
    }
    return 0;
  };
  // Worker 0's push cancels worker 1 and parks both it and worker 2, whose job ends too.
  Script script = arriving([](const Arrive& event, Actions& actions) {
    actions.fold(0, 1);
    actions.cancel(1);
    actions.park(1);
    actions.send(event.worker);
  });
  Host host = host_of(script, 3);
  ManualClock clock;
  host.begin(0, clock);
  clock.push(host, 0, 1);
  CHECK(violated(host, clock, 1) == 3);

  Host parked = host_of(beginning([](const Begin&, Actions& actions) {
                          actions.send(0);
                          actions.park(1);
                          actions.park(2);
                        }),
                        3);
  ManualClock other;
  parked.begin(0, other);
  CHECK(violated(parked, other, 2) == 3);
}

TEST_CASE(
    "a policy that finishes, with workers unaccounted for, ends the run without a violation") {
  Host host = host_of(arriving([](const Arrive&, Actions& actions) {
                        actions.drop("enough");
                        actions.finish();
                      }),
                      2);
  ManualClock clock;
  host.begin(0, clock);
  CHECK_FALSE(host.finished());
  clock.push(host, 0, 1);
  CHECK(host.finished());
  CHECK(host.account().dropped == 1);
}

}  // namespace
}  // namespace syncline
