#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "chaos/drill_run.hpp"
#include "chaos/loss_band.hpp"
#include "chaos/promise_found.hpp"
#include "chaos/run_findings.hpp"
#include "chaos/step_verdict.hpp"

namespace syncline {

/// All that the verdict rests on.
struct DrillEvidence {
  const RunEnd* end = nullptr;
  std::vector<MadeFault> made;
  std::map<FaultKind, Notices> notices;
  std::vector<ServerRestart> restarts;
  std::vector<ServerPause> pauses;
  std::vector<ShardDeath> shard_deaths;
  std::optional<StepEvidence> steps;  ///< nullopt: faults came at times
  StrangerCounts strangers;
  std::optional<RunFindings> findings;      ///< nullopt: the server left no papers
  std::string no_findings;                  ///< then: why
  std::vector<double> undisturbed;          ///< final losses
  std::size_t planned = 0;                  ///< faults
  bool kills_wanted = false;                ///< a number of them
  std::optional<bool> replays;              ///< to the same bits; nullopt: was not tried
  std::optional<std::uint64_t> durability;  ///< updates that a kill may cost; nullopt: no promise
  bool integrity = true;                    ///< false: bits were flipped in plain text
};

/// How sure the band of the final loss is to hold one more undisturbed run.
inline constexpr double band_confidence = 0.99;

[[nodiscard]] std::vector<PromiseFound> judge(const DrillEvidence& evidence);
[[nodiscard]] bool all_kept(const std::vector<PromiseFound>& verdict);
[[nodiscard]] nlohmann::ordered_json to_json(const std::vector<PromiseFound>& verdict);

}  // namespace syncline
