#pragma once

#include <nlohmann/json.hpp>

#include "syncline/config.hpp"

namespace syncline::repro {

/// What is kept of the document of a training run (docs/train.md): configuration, end, account,
/// final metrics, curves and K over time, with six significant digits, so that hundreds of runs
/// stay small.
[[nodiscard]] nlohmann::ordered_json record_of(const nlohmann::ordered_json& document);

/// Settings as they were stored, with those that are younger than the record at their defaults.
[[nodiscard]] nlohmann::ordered_json filled_in(const nlohmann::ordered_json& settings);

/// Whether a record is of this configuration and as long as it asks (or diverged before).
[[nodiscard]] bool covers(const nlohmann::ordered_json& record, const RunConfig& config);

/// The value with six significant digits; null where it is not finite.
[[nodiscard]] nlohmann::ordered_json rounded(double value);

}  // namespace syncline::repro
