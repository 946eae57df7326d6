#pragma once

#include <functional>

#include <nlohmann/json_fwd.hpp>

#include "syncline/error.hpp"
#include "syncline/progress.hpp"
#include "syncline/race.hpp"

namespace syncline {

/// What `train` does around the training itself: checks that the files can be written, shows how it
/// goes, writes what `config` asks for, prints the result and says how to exit.
[[nodiscard]] ExitCode run_training(
    const RaceConfig& config, bool json,
    const std::function<nlohmann::ordered_json(const Progress&)>& train);

}  // namespace syncline
