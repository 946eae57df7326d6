#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "chaos/drill_verdict.hpp"
#include "chaos/fault_plan.hpp"
#include "syncline/options.hpp"

namespace syncline {

struct DrillSettings {
  std::string program;           ///< that is drilled: own_program()
  std::filesystem::path folder;  ///< for the files of all runs
  Settings job;                  ///< what is trained; its outputs are of the disturbed run
  FaultPlanSettings plan;
  std::uint64_t undisturbed = 5;  ///< runs without faults, on the seeds after the job's; 0: none
  std::uint64_t at_once = 1;      ///< of these
  DrillRunSettings watch;
  bool tls = false;
  bool namespaces = false;
  std::uint32_t shards = 0;  ///< that hold the parameters; 0: the server does
};

struct DrillHooks {
  std::function<void(const std::string&)> say;  ///< what happens, in words
  const std::atomic<bool>& interrupted;
};

struct DrillResult {
  std::vector<PromiseFound> verdict;
  nlohmann::ordered_json document;  ///< faults, times, verdict (docs/chaos.md)
  bool interrupted = false;         ///< then there is neither
};

/// Throws ConfigError on what can't be drilled, before anything is started.
void check_drill(const DrillSettings& settings);

/// Runs the job undisturbed on some seeds, then under the plan, and judges. All processes are gone
/// afterwards, whatever happens. Call from the main thread. Throws ConfigError and DataError.
[[nodiscard]] DrillResult drill(const DrillSettings& settings, const DrillHooks& hooks);

}  // namespace syncline
