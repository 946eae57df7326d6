#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "syncline/config.hpp"
#include "syncline/progress.hpp"

namespace syncline {

/// Races all policies and returns the document that `syncline race --json` prints and that
/// `syncline report` reads (docs/race.md). "interrupted": true where it was cut short.
[[nodiscard]] nlohmann::ordered_json race(const RaceConfig& config, const Progress& progress);

/// A race that comes with the program.
struct ReadyMadeRace {
  std::string name;  ///< fashion-mnist | cifar10
  std::string summary;
  std::string toml;  ///< its configuration, as a file would say it
};

[[nodiscard]] const std::vector<ReadyMadeRace>& ready_made_races();

}  // namespace syncline
