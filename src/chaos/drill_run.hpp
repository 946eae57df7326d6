#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "chaos/step_faults.hpp"

namespace syncline {

/// How a run is watched.
struct DrillRunSettings {
  /// After so many seconds without anything new in the log the run counts as hanging.
  double watchdog = 120;
  /// The server is told to end when all faults were made and all workers are there again.
  bool end_after_faults = false;
};

/// What came of the processes of one run.
struct RunEnd {
  std::optional<ChildEnd> server;  ///< nullopt: it had to be killed
  bool server_told = false;        ///< that it is to end
  std::string broken;              ///< why the run did not come to its end; "": it did
  std::uint64_t goodbyes = 0;      ///< workers that ended with the run
  std::uint64_t told = 0;          ///< had no connection at its end, and ended when they were told
  std::uint64_t hung = 0;          ///< did not even then
  /// Workers that ended by themselves before the run did, with how, and what they said last.
  std::vector<std::string> deserters;
  /// Seconds for which the drill did not look, since it, or the machine, had other things to do.
  double longest_pause = 0;
  double seconds = 0;  ///< from the start of the server to the end of the last worker
};

/// One run of a fleet from start to end, disturbed by a plan or not. For the main thread.
class DrillRun {
 public:
  using Clock = std::chrono::steady_clock;

  /// `say` is told of each fault. The references must outlive this.
  DrillRun(DrillFleet& fleet, const std::vector<PlannedFault>& plan, DrillNetwork& network,
           Strangers& strangers, const DrillRunSettings& settings,
           std::function<void(const MadeFault&)> say);

  /// Does what is due. Returns false when the run is over.
  bool poll();

  [[nodiscard]] const RunEnd& end() const { return end_; }
  [[nodiscard]] const FaultInjector& faults() const { return injector_; }
  /// nullopt: faults come at times.
  [[nodiscard]] const std::optional<StepFaults>& steps() const { return steps_; }
  [[nodiscard]] const DrillFleet& fleet() const { return fleet_; }

 private:
  enum class Stage : std::uint8_t { gathering, running, leaving, over };

  void look_after_workers();
  void end_when_done();
  void look_at_log(Clock::time_point now);
  void look_at_server(Clock::time_point now);
  void see_workers_off(Clock::time_point now);
  void break_off(const std::string& why, Clock::time_point now);
  void leave(Clock::time_point now);

  DrillFleet& fleet_;
  Strangers& strangers_;
  FaultInjector injector_;
  std::optional<StepFaults> steps_;
  DrillRunSettings settings_;
  Stage stage_ = Stage::gathering;
  bool workers_started_ = false;
  Clock::time_point begun_, news_, left_, looked_;
  std::uintmax_t log_size_ = 0;
  bool workers_told_ = false;
  std::vector<bool> counted_;  ///< by worker: its end is in end_
  RunEnd end_;
};

/// Polls the runs until all are over. Returns false if it was interrupted.
bool finish(const std::vector<DrillRun*>& runs, const std::atomic<bool>& interrupted);

}  // namespace syncline
