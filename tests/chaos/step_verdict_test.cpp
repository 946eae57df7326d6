#include "chaos/step_verdict.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

namespace syncline {
namespace {

using Judgement = PromiseFound::Judgement;

PlannedFault fault_at(const char* message, FaultKind kind) {
  PlannedFault fault;
  fault.step = {find_protocol_message(message), false};
  fault.kind = kind;
  return fault;
}

std::vector<MadeFault> made(const std::vector<PlannedFault>& plan) {
  std::vector<MadeFault> faults;
  for (const PlannedFault& planned : plan) faults.push_back({planned});
  return faults;
}

const std::vector<PlannedFault> plan = {
    fault_at("result", FaultKind::cut), fault_at("stop", FaultKind::kill),
    fault_at("stop", FaultKind::cut), fault_at("result", FaultKind::kill)};

TEST_CASE("all was made") {
  const PromiseFound row = judge_steps({plan, {}}, made(plan));
  CHECK(row.judgement == Judgement::kept);
  CHECK(row.found == "4 of 4: each at result, stop");
}

TEST_CASE("what a policy never sends may be missing, what all send may not") {
  const auto stop = find_protocol_message("stop"), result = find_protocol_message("result");
  const auto some = made({plan[0], plan[3]});
  const PromiseFound absent = judge_steps({plan, {stop}}, some);
  CHECK(absent.judgement == Judgement::kept);
  CHECK(absent.found == "2 of 4: each at result; waited for in vain: stop");
  const PromiseFound lost = judge_steps({plan, {result}}, made({plan[1], plan[2]}));
  CHECK(lost.judgement == Judgement::broken);
  CHECK(lost.found == "2 of 4: each at stop; waited for in vain: result");
  // It came at first, then it was waited for in vain.
  const PromiseFound rare = judge_steps({plan, {stop}}, made({plan[0], plan[1], plan[3]}));
  CHECK(rare.judgement == Judgement::kept);
  CHECK(rare.found == "3 of 4: each at result; not made at stop: cut");
}

TEST_CASE("a run that was over before all was made") {
  const PromiseFound row = judge_steps({plan, {}}, made({plan[0]}));
  CHECK(row.judgement == Judgement::broken);
  CHECK(row.found == "1 of 4; not made at result: kill; not made at stop: kill, cut");
}

TEST_CASE("the document counts what passed, and each fault at each message") {
  StepEvidence evidence{plan, {}};
  const auto result = find_protocol_message("result");
  evidence.passed[result] = 17;
  const auto json = to_json(evidence, made({plan[0]}));
  REQUIRE(json.size() == protocol_message_count);
  CHECK(json[result].dump() ==
        R"({"message":"result","to":"server","passed":17,"faults":{"kill":0,"cut":1}})");
}

}  // namespace
}  // namespace syncline
