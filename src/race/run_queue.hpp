#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "syncline/config.hpp"
#include "syncline/progress.hpp"
#include "trace/run_result.hpp"

namespace syncline {

/// Makes runs of one race side by side: one run per core, each on one compute thread. Small models
/// gain nothing from several threads within a run, and runs never wait for each other.
class RunQueue {
 public:
  /// Loads data and workload once for all runs. Throws ConfigError, DataError.
  RunQueue(const RunConfig& base, const Progress& progress);
  ~RunQueue();

  /// Checks the configuration without running it: ConfigError. Returns what the user should know.
  [[nodiscard]] std::optional<std::string> check(const RunConfig& config) const;

  /// Runs all, in any order, and returns their results in the given order. A run that had not begun
  /// when the race was interrupted has an empty result (no policy).
  std::vector<RunResult> run(const std::vector<RunConfig>& configs, bool final_evaluation);

  /// How many runs the race will have made in all, for the progress bar.
  void expect(std::size_t runs) { expected_ += runs; }

 private:
  class Runner;

  Progress progress_;
  std::uint32_t threads_;
  std::unique_ptr<Runner> runner_;
  std::size_t expected_ = 0;
  std::size_t finished_ = 0;
};

}  // namespace syncline
