#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "syncline/config.hpp"
#include "trace/run_result.hpp"

namespace syncline {

/// The account of gradients under its documented names.
[[nodiscard]] nlohmann::ordered_json to_json(const Account& account);

/// One policy's entry of a race document (docs/race.md) from its runs, one per seed, all with the
/// same step size; `speedup_vs_sync` is left null.
[[nodiscard]] nlohmann::ordered_json policy_json(const std::vector<RunResult>& runs);

/// The document of a single run.
[[nodiscard]] nlohmann::ordered_json run_document(const nlohmann::ordered_json& config,
                                                  const RunResult& run);

/// The name of an outcome as documents and logs have it.
[[nodiscard]] const char* outcome_name(Outcome outcome);

}  // namespace syncline
