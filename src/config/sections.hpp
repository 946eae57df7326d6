#pragma once

#include <vector>

#include "syncline/options.hpp"

namespace syncline {

// The rows of the table, section by section. Which commands use a row:
inline constexpr unsigned race_only = static_cast<unsigned>(Command::race);
inline constexpr unsigned train_only = static_cast<unsigned>(Command::train);
inline constexpr unsigned simulate_only = static_cast<unsigned>(Command::simulate);
inline constexpr unsigned predict_only = static_cast<unsigned>(Command::predict);
inline constexpr unsigned measure_only = static_cast<unsigned>(Command::measure);
inline constexpr unsigned plan_only = static_cast<unsigned>(Command::plan);
inline constexpr unsigned training = race_only | train_only;
inline constexpr unsigned single_run = train_only | simulate_only;
inline constexpr unsigned modelled = training | measure_only | plan_only;
inline constexpr unsigned aimed = training | plan_only;
inline constexpr unsigned everywhere =
    training | simulate_only | predict_only | measure_only | plan_only;

/// Whether the option is more than where and how fast: what logs and checkpoints hold.
[[nodiscard]] bool changes_results(const Option& option);

[[nodiscard]] std::vector<Option> fleet_options();
[[nodiscard]] std::vector<Option> model_options();  ///< [model] and [optimizer]
[[nodiscard]] std::vector<Option> run_options();    ///< [run], [stop], [simulate] and [output]
[[nodiscard]] std::vector<Option> race_options();
[[nodiscard]] std::vector<Option> measure_options();
[[nodiscard]] std::vector<Option> plan_options();
[[nodiscard]] std::vector<Option> predict_options();

}  // namespace syncline
