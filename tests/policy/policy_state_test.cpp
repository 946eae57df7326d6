// A policy is a value: a clone, and a fresh one that is given its state, continue alike. Each is
// driven through a host by random sequences of events.

#include <cmath>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck.h>

#include "support/made_up_scalars.hpp"
#include "support/manual_clock.hpp"
#include "support/policy_samples.hpp"
#include "support/transcript.hpp"

namespace syncline {
namespace {

using testing::ManualClock;
using testing::Transcript;

/// One event of a sequence: what happens, to whom, how much later, and which loss is measured if
/// one is due.
struct Choice {
  std::uint32_t what = 0;
  std::uint32_t who = 0;
  int pause = 0;
  int loss = 1;
};

std::vector<Choice> random_choices() {
  return *rc::gen::container<std::vector<Choice>>(rc::gen::map(
      rc::gen::tuple(rc::gen::inRange<std::uint32_t>(0, 16), rc::gen::arbitrary<std::uint32_t>(),
                     rc::gen::inRange(0, 3), rc::gen::inRange(0, 100)),
      [](const std::tuple<std::uint32_t, std::uint32_t, int, int>& choice) {
        return Choice{std::get<0>(choice), std::get<1>(choice), std::get<2>(choice),
                      std::get<3>(choice)};
      }));
}

/// A host and the workers whose arrivals it waits for.
struct Fleet {
  Host host;
  ManualClock clock;
  double time = 0;

  void measure(int loss) {
    while (host.due_measurement() != nullptr) host.measured(time, loss / 10.0, clock);
  }
  void begin(int loss) {
    host.begin(0, clock);
    measure(loss);
  }
  /// Most events are arrivals; workers also die, come back and report, and timers run out.
  void apply(const Choice& choice) {
    time += choice.pause;
    const auto& busy = clock.busy();
    const auto& reporting = clock.reporting();
    const WorkerId anyone = choice.who % host.workers();
    if (choice.what == 0 && !host.down(anyone)) {
      host.worker_down(time, anyone, clock);
    } else if (choice.what <= 1 && host.down(anyone)) {
      host.worker_up(time, anyone, clock);
    } else if (choice.what == 2 && !clock.timers().empty()) {
      clock.fire(host, clock.timers()[choice.who % clock.timers().size()], time);
    } else if (choice.what <= 7 && !reporting.empty()) {
      clock.report(host, reporting[choice.who % reporting.size()], time);
    } else if (!busy.empty()) {
      clock.push(host, busy[choice.who % busy.size()], time, choice.what % 4);
    }
    measure(choice.loss);
  }
};

/// Holds no state, so all fleets share it.
testing::MadeUpScalars scalars;

Fleet make_fleet(const std::string& policy, std::uint32_t workers) {
  PolicyContext context;
  context.workers = workers;
  Fleet fleet = {Host(make_policy(policy, context), policy, workers), {}, 0};
  fleet.host.set_scalar_source(&scalars);
  return fleet;
}

std::vector<std::string> rest_of(Fleet& fleet, std::span<const Choice> choices) {
  Transcript transcript;
  fleet.host.add_observer(&transcript);
  for (const Choice& choice : choices) fleet.apply(choice);
  return transcript.lines();
}

TEST_CASE("a policy, copied or restored from its state at a random point, continues alike") {
  CHECK(rc::check("transcripts of the rest are equal", [] {
    const auto& text = *rc::gen::elementOf(testing::sample_policies());
    const auto workers = *rc::gen::inRange<std::uint32_t>(4, 9);
    const auto choices = random_choices();
    const auto cut = *rc::gen::inRange<std::size_t>(0, choices.size() + 1);
    RC_TAG(parse_spec(text).name);

    Fleet original = make_fleet(text, workers);
    original.begin(100);
    for (std::size_t i = 0; i < cut; ++i) original.apply(choices[i]);
    Fleet copy = original;
    copy.host.set_scalar_source(&scalars);

    const nlohmann::json state = original.host.state();
    Fleet restored = make_fleet(text, workers);
    restored.host.restore(nlohmann::json::parse(state.dump()));
    restored.clock = original.clock;
    restored.time = original.time;
    RC_ASSERT(restored.host.state() == state);

    const auto rest = std::span<const Choice>(choices).subspan(cut);
    const auto expected = rest_of(original, rest);
    RC_ASSERT(rest_of(copy, rest) == expected);
    RC_ASSERT(rest_of(restored, rest) == expected);
    RC_ASSERT(copy.host.state() == original.host.state());
  }));
}

TEST_CASE("a clone of a policy, its original driven on, keeps its own state") {
  Fleet fleet = make_fleet("k-async(k=3)", 4);
  fleet.begin(100);
  const auto clone = fleet.host.policy().clone();
  const nlohmann::json before = clone->state();
  fleet.apply({15, 0, 1, 1});
  CHECK(clone->state() == before);
  CHECK(fleet.host.policy().state() != before);
}

TEST_CASE("jobs that finish as stale under rest=finish are dropped, and none is cancelled") {
  // Worker 0 and 1 make update 1; workers 2 and 3 still compute at version 0.
  Fleet fleet = make_fleet("k-sync(k=2, rest=finish)", 4);
  fleet.begin(100);
  fleet.clock.push(fleet.host, 0, 1);
  CHECK_FALSE(fleet.host.busy(0));
  fleet.clock.push(fleet.host, 1, 2);
  CHECK(fleet.host.version() == 1);
  fleet.clock.push(fleet.host, 3, 3);
  CHECK(fleet.host.account().dropped == 1);
  CHECK(fleet.host.job(3).read == 1);
  CHECK(fleet.host.account().cancelled == 0);
  fleet.clock.push(fleet.host, 3, 4);
  fleet.clock.push(fleet.host, 0, 5);
  CHECK(fleet.host.version() == 2);
  CHECK(fleet.host.account().applied == 4);
}

}  // namespace
}  // namespace syncline
