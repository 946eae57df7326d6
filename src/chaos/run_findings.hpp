#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

namespace syncline {

/// What the server's own papers say of a run: its result and its event log.
struct RunFindings {
  std::optional<double> final_loss;  ///< test loss of the final state
  std::string outcome;
  std::uint64_t updates = 0;
  std::map<std::string, std::uint64_t> account;  ///< of the log's end record, by name
  /// What is wrong between the account, its laws and the records; "": nothing.
  std::string discrepancy;
  std::uint64_t downs = 0;  ///< workers that went down after the beginning
  std::map<std::string, std::uint64_t> oddities;
};

/// Reads both. `printed`: what `serve --json` has printed; its last line is the result. Throws
/// DataError where they are not there or are not what they should be.
[[nodiscard]] RunFindings find_in_run(const std::filesystem::path& printed,
                                      const std::filesystem::path& log);

}  // namespace syncline
