#include <doctest/doctest.h>

#include "chaos/drill_verdict.hpp"

namespace syncline {
namespace {

using Judgement = PromiseFound::Judgement;

/// What a drill leaves in which all went well, to be spoilt by the tests. The faults come from an
/// injector that never had a process.
struct Drilled {
  RunEnd end;
  DrillEvidence evidence;
  std::vector<MadeFault> made;
  std::vector<ServerRestart> restarts;
  std::map<FaultKind, Notices> notices;

  Drilled() {
    end.server = ChildEnd{0, 0};
    end.goodbyes = 4;
    evidence.end = &end;
    evidence.findings.emplace();
    evidence.findings->final_loss = 1;
    evidence.findings->outcome = "finished";
    evidence.findings->account = {{"started", 1}, {"computed", 1}};
    evidence.undisturbed = {0.9, 1.0, 1.1, 1.0, 1.0};
    evidence.replays = true;
    for (const FaultRow& row : fault_rows()) {
      MadeFault fault;
      fault.planned.kind = row.kind;
      made.push_back(fault);
    }
    evidence.planned = made.size();
    notices[FaultKind::kill].seconds = {0.01, 0.02, 0.9};
    notices[FaultKind::stop].seconds = {0.55, 0.6, 0.65};
    restarts.push_back({100, 100, 0.5, 1.0});
    evidence.durability = 0;
  }
  [[nodiscard]] std::vector<PromiseFound> verdict() {
    evidence.made = made;
    evidence.restarts = restarts;
    evidence.notices = notices;
    return judge(evidence);
  }
  /// The promises that are broken.
  [[nodiscard]] std::string broken() {
    std::string text;
    const auto rows = verdict();
    for (const PromiseFound& row : rows) {
      if (row.judgement == Judgement::broken) text += row.promise + "; ";
    }
    CHECK(text.empty() == all_kept(rows));
    return text;
  }
};

bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("a drill in which all went well keeps every promise") {
  Drilled drilled;
  CHECK(drilled.broken().empty());
  for (const PromiseFound& row : drilled.verdict()) {
    CAPTURE(row.promise);
    CHECK(row.judgement == Judgement::kept);
    CHECK_FALSE(row.found.empty());
  }
}

TEST_CASE("each thing that goes wrong breaks its promise") {
  const auto broken_after = [](auto&& spoil) {
    Drilled drilled;
    spoil(drilled);
    return drilled.broken();
  };
  CHECK(says(broken_after([](Drilled& d) { d.end.broken = "hangs"; }), "the run ends"));
  CHECK(says(broken_after([](Drilled& d) {
               d.end.broken = "signal 11";
               d.end.server = ChildEnd{-1, 11};
             }),
             "brings the server down"));
  CHECK(says(broken_after([](Drilled& d) { d.end.hung = 1; }), "workers end"));
  CHECK(says(broken_after([](Drilled& d) { d.end.deserters = {"x"}; }), "workers end"));
  CHECK(says(broken_after([](Drilled& d) { d.made.clear(); }), "faults"));
  CHECK(says(broken_after([](Drilled& d) { d.evidence.findings.reset(); }), "accounted"));
  CHECK(
      says(broken_after([](Drilled& d) { d.evidence.findings->discrepancy = "x"; }), "accounted"));
  CHECK(says(broken_after([](Drilled& d) {
               d.restarts.clear();
               d.evidence.findings->downs = 5;  // six were noticed
             }),
             "accounted"));
  CHECK(says(broken_after([](Drilled& d) { d.evidence.findings->final_loss = 2; }), "final loss"));
  CHECK(says(broken_after([](Drilled& d) { d.evidence.findings->final_loss.reset(); }),
             "final loss"));
  CHECK(says(broken_after([](Drilled& d) { d.evidence.replays = false; }), "replays"));
  CHECK(says(broken_after([](Drilled& d) { d.evidence.strangers.let_in = 1; }), "strangers"));
  CHECK(says(broken_after([](Drilled& d) { d.evidence.strangers.odd = 1; }), "strangers"));
  CHECK(says(broken_after([](Drilled& d) { d.evidence.findings->oddities["refused: token"] = 1; }),
             "strangers"));
  CHECK(says(broken_after([](Drilled& d) { d.restarts[0].resumed = 99; }), "--durability"));
}

TEST_CASE("a plan that the run was too short for: only a number of kills is held to it") {
  Drilled drilled;
  drilled.evidence.planned += 3;
  CHECK(drilled.broken().empty());
  drilled.evidence.kills_wanted = true;
  CHECK(says(drilled.broken(), "faults"));
}

TEST_CASE("times count only far beyond what is promised, missed ones as the longest") {
  Drilled drilled;
  drilled.notices[FaultKind::kill].seconds = {0.1, 2.9, 9.9};
  CHECK(drilled.broken().empty());
  drilled.notices[FaultKind::kill].seconds = {0.1, 0.1, 10.1};
  CHECK(says(drilled.broken(), "killed worker"));
  drilled.notices[FaultKind::kill].seconds = {0.1, 3.1, 3.1};
  CHECK(says(drilled.broken(), "killed worker"));
  drilled.notices[FaultKind::kill].seconds = {0.1, 0.1};
  CHECK(drilled.broken().empty());
  drilled.notices[FaultKind::stop].missed = 3;
  CHECK(drilled.broken().empty());
  drilled.notices[FaultKind::stop].missed = 4;
  CHECK(says(drilled.broken(), "stopped worker"));
}

TEST_CASE("a server that stood still refuses strangers who have gone meanwhile") {
  Drilled drilled;
  drilled.restarts.clear();
  drilled.evidence.findings->downs = 6;  // as many as were noticed
  drilled.evidence.strangers.shut_out = 1;
  drilled.evidence.findings->oddities["refused: token"] = 1;
  CHECK(says(drilled.broken(), "strangers"));
  drilled.evidence.pauses.push_back({});
  CHECK(drilled.broken().empty());
}

TEST_CASE("faults at steps are held to their plan") {
  Drilled drilled;
  PlannedFault fault;
  fault.step.emplace();
  drilled.evidence.steps = StepEvidence{{fault}, {}, {}};
  CHECK(says(drilled.broken(), "each step"));
  drilled.made.push_back({fault});
  CHECK(drilled.broken().empty());
}

TEST_CASE("what plain text can't promise, after bits were flipped, is not judged") {
  Drilled drilled;
  drilled.evidence.integrity = false;
  drilled.evidence.findings->final_loss = 100;
  drilled.evidence.replays = false;
  drilled.end.deserters = {"x"};
  CHECK(drilled.broken().empty());
  drilled.end.hung = 1;
  CHECK(says(drilled.broken(), "workers end"));
}

TEST_CASE("without undisturbed runs, or a promise of durability, nothing is judged of them") {
  Drilled drilled;
  drilled.evidence.undisturbed.clear();
  drilled.evidence.durability.reset();
  drilled.restarts[0].resumed = 1;
  int not_judged = 0;
  for (const PromiseFound& row : drilled.verdict()) {
    not_judged += row.judgement == Judgement::not_judged ? 1 : 0;
  }
  CHECK(not_judged == 2);
  CHECK(drilled.broken().empty());
}

}  // namespace
}  // namespace syncline
