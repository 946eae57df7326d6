#include "chaos/step_plan.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "chaos/protocol_message.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

using Pair = std::pair<std::size_t, FaultKind>;

FaultPlanSettings every_fault_at_every_step(std::uint64_t seed) {
  FaultPlanSettings settings;
  settings.seed = seed;
  settings.workers = 3;
  settings.shards = 2;
  for (const FaultRow& row : fault_rows()) settings.kinds.push_back(row.kind);
  for (std::size_t step = 0; step < protocol_message_count; ++step) {
    settings.messages.push_back(step);
  }
  return settings;
}

std::vector<Pair> pairs_of(const std::vector<PlannedFault>& plan) {
  std::vector<Pair> pairs;
  for (const PlannedFault& fault : plan) pairs.emplace_back(fault.step->message, fault.kind);
  return pairs;
}

TEST_CASE("a plan is a function of its settings alone, and each seed has another order") {
  const auto plan = make_step_plan(every_fault_at_every_step(1));
  CHECK(plan == make_step_plan(every_fault_at_every_step(1)));
  CHECK(plan == make_fault_plan(every_fault_at_every_step(1)));
  const auto other = make_step_plan(every_fault_at_every_step(2));
  CHECK(pairs_of(plan) != pairs_of(other));
  CHECK(plan.size() == fault_kind_count * protocol_message_count);
}

TEST_CASE("every round has every fault once at every step, held back and passed by turns") {
  CHECK(rc::check([] {
    FaultPlanSettings settings = every_fault_at_every_step(*rc::gen::arbitrary<std::uint64_t>());
    settings.kinds.resize(*rc::gen::inRange<std::size_t>(1, settings.kinds.size() + 1));
    settings.messages.resize(*rc::gen::inRange<std::size_t>(1, settings.messages.size() + 1));
    settings.rounds = *rc::gen::inRange<std::uint64_t>(1, 5);
    const auto plan = make_step_plan(settings);
    const std::size_t pairs = settings.kinds.size() * settings.messages.size();
    RC_ASSERT(plan.size() == pairs * settings.rounds);
    std::map<Pair, bool> passed;
    for (std::uint64_t round = 0; round < settings.rounds; ++round) {
      std::set<Pair> seen;
      for (std::size_t i = round * pairs; i < (round + 1) * pairs; ++i) {
        const PlannedFault& fault = plan[i];
        const FaultRow& row = row_of(fault.kind);
        const Pair pair = {fault.step->message, fault.kind};
        RC_ASSERT(std::count(settings.kinds.begin(), settings.kinds.end(), fault.kind) == 1);
        RC_ASSERT(fault.step->message < settings.messages.size());
        RC_ASSERT(seen.insert(pair).second);
        if (round > 0) RC_ASSERT(fault.step->passed != passed[pair]);
        passed[pair] = fault.step->passed;
        RC_ASSERT(fault.lasts >= row.shortest);
        RC_ASSERT(fault.lasts <= row.longest);
        const bool of_worker = row.target == FaultTarget::worker;
        RC_ASSERT(fault.shard < settings.shards);
        RC_ASSERT(fault.worker == (of_worker ? PlannedFault::whoever : 0U));
      }
    }
  }));
}

TEST_CASE("first rounds hold messages back and let them pass about equally often") {
  const auto plan = make_step_plan(every_fault_at_every_step(7));
  const auto passed = std::count_if(plan.begin(), plan.end(),
                                    [](const PlannedFault& fault) { return fault.step->passed; });
  // Half of 156, within five deviations.
  CHECK(std::abs(static_cast<double>(passed) - 78) < 5 * 6.3);
}

TEST_CASE("settings that make no plan are refused") {
  const auto refused = [](auto change) {
    FaultPlanSettings settings = every_fault_at_every_step(1);
    change(settings);
    CHECK_THROWS_AS(static_cast<void>(make_fault_plan(settings)), ConfigError);
  };
  refused([](auto& settings) { settings.kinds.clear(); });
  refused([](auto& settings) { settings.workers = 0; });
  refused([](auto& settings) { settings.shards = 0; });
  refused([](auto& settings) { settings.kills = 1; });
  refused([](auto& settings) { settings.rounds = 0; });
  refused([](auto& settings) { settings.rounds = 1001; });
  refused([](auto& settings) { settings.tls = true; });
}

TEST_CASE("a fault at a step says at which, and whom it strikes once that is known") {
  PlannedFault fault;
  fault.step = {find_protocol_message("result"), false};
  fault.kind = FaultKind::cut;
  fault.worker = PlannedFault::whoever;
  CHECK(describe(fault) == "result, held back: its worker process: its connections are reset");
  fault.step->passed = true;
  fault.worker = 2;
  CHECK(describe(fault) == "result, passed: worker process 2: its connections are reset");
}

}  // namespace
}  // namespace syncline
