#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "plan/fleet_source.hpp"
#include "plan/ranking.hpp"

namespace syncline {

/// What the planner would do, in words.
struct Advice {
  std::optional<Forecast> choice;
  std::string reason;              ///< two sentences
  std::vector<std::string> hints;  ///< about the fleet: a worker to remove, a link to split
};

/// Chooses among ranked candidates: the best, or plain sync where it is as good within 3 %.
[[nodiscard]] Advice choose(const std::vector<Forecast>& ranked, const Goal& goal);

/// Whether the clearly slowest workers can go because the target takes no longer without them, and
/// whether splitting a busy server link would help.
[[nodiscard]] std::vector<std::string> fleet_hints(const Forecast& choice,
                                                   const QuadraticModel& model,
                                                   const FleetConfig& fleet, double message_bytes,
                                                   const Goal& goal,
                                                   const RankingSettings& settings,
                                                   const Progress& progress);

/// What can be said of the server's link where nothing is known of the workload.
[[nodiscard]] std::vector<std::string> link_hints(const FleetConfig& fleet, double message_bytes);

}  // namespace syncline
