#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "checkpoint/checkpoint_folder.hpp"
#include "fleet/training/evaluator.hpp"
#include "fleet/training/make_run_fleet.hpp"
#include "fleet/training/run_fleet.hpp"
#include "fleet/training/saved_time.hpp"
#include "fleet/virtual/fleet_timing.hpp"
#include "metrics/run_metrics.hpp"
#include "server/parameter_server.hpp"
#include "syncline/config.hpp"
#include "syncline/progress.hpp"
#include "trace/event_log.hpp"
#include "trace/run_result.hpp"
#include "trace/run_statistics.hpp"
#include "trace/timeline_recorder.hpp"

namespace syncline {

/// One run of one policy with real gradients: the event loop, the same for every fleet.
///
/// In virtual time the result depends on the configuration alone, bit for bit, whatever the number
/// of compute threads, and whether or not the run was interrupted and resumed. On a real fleet it
/// depends on the order of events besides, which the log tells: replayed, it gives the same bits.
template <class Real>
class TrainingRun {
 public:
  /// Checks everything of the configuration that has not been checked (ConfigError). The workload
  /// and the timing may be shared with other runs. `way`: to workers elsewhere, if
  /// there are any.
  TrainingRun(const RunConfig& config, std::shared_ptr<const Workload<Real>> workload,
              std::shared_ptr<const FleetTiming> timing,
              std::optional<WayToWorkers> way = std::nullopt);

  /// Whether the full splits are evaluated at the end (costly, and of no use while tuning).
  void set_final_evaluation(bool wanted) { final_evaluation_ = wanted; }
  /// Called with each evaluation, in order.
  void on_point(std::function<void(const EvaluationPoint&)> callback) {
    on_point_ = std::move(callback);
  }
  /// As JobPayloads::watch_folds.
  void watch_folds(typename JobPayloads<Real>::FoldWatch watch) {
    fleet_->payloads().watch_folds(std::move(watch));
  }

  /// Of the policy.
  [[nodiscard]] const Requirements& requirements() const { return requirements_; }

  RunResult run(const Progress& progress);

  /// The state after run(): parameters, then buffers.
  [[nodiscard]] std::vector<Real> state() const {
    return server_->whole(server_->snapshot())->state;
  }

 private:
  /// Notes what the policy publishes and says, and who comes and goes.
  class PublishedRecorder final : public HostObserver {
   public:
    explicit PublishedRecorder(TrainingRun& run) : run_(run) {}
    void published(const char* name, double value, double time) override;
    void noted(const std::string& text, double time) override;
    void went_down(WorkerId worker, double time) override { changed("down", worker, time); }
    void came_up(WorkerId worker, double time) override { changed("up", worker, time); }

   private:
    void changed(const char* event, WorkerId worker, double time);

    TrainingRun& run_;
  };

  /// Until the run ends; while what came before is repeated, until it has been.
  /// Here, or at the shards that `way` leads to. Throws ConfigError, TransportError.
  std::unique_ptr<Parameters<Real>> make_parameters(std::optional<WayToWorkers>& way);
  void loop(const Progress& progress, bool repeating = false);
  [[nodiscard]] bool limit_reached(double next_time) const;
  void deliver_measurement();
  [[nodiscard]] double measure(const std::string& name);
  void evaluate_grid(double until);
  void evaluate(double time);
  void settle_points(std::size_t count);
  void check_target(std::size_t known);
  [[nodiscard]] EvaluationPoint present() const;
  [[nodiscard]] RunResult result();
  void log_events();
  /// Lets others follow the log, and tells the user how it fares.
  void keep_up_log();
  /// Closes the log; what is missing in it stands in the result then.
  void write_end(RunResult& result);

  /// Writes one, or says why not: the run goes on either way.
  void checkpoint();
  [[nodiscard]] bool checkpoint_due() const;
  std::filesystem::path save_checkpoint();
  void load_checkpoint();
  [[nodiscard]] nlohmann::ordered_json identity() const;

  RunConfig config_;
  std::shared_ptr<const Workload<Real>> workload_;
  std::shared_ptr<const FleetTiming> timing_;
  std::unique_ptr<Sampler> sampler_;
  std::uint32_t threads_;
  bool final_evaluation_ = true;
  std::function<void(const EvaluationPoint&)> on_point_;

  Host first_host_;            ///< until the fleet has it
  Requirements requirements_;  ///< of the policy
  std::unique_ptr<const WorkerProgram<Real>> program_;
  WorkerMomentum<Real> momentum_;
  Wire<Real> wire_;
  std::unique_ptr<ShardHub> hub_;  ///< to the shards; null: there are none
  std::unique_ptr<Parameters<Real>> server_;
  ComputePool<Real> pool_;
  std::unique_ptr<RunFleet<Real>> fleet_;
  Evaluator<Real> evaluator_;

  RunStatistics statistics_;
  TimelineRecorder timeline_;
  PublishedRecorder published_;
  SavedTime saved_time_;
  std::unique_ptr<CheckpointFolder> checkpoints_;  ///< null: none are written
  std::optional<std::uint64_t> most_lost_;         ///< updates; none: all since a checkpoint
  std::string last_checkpoint_;                    ///< the name of its folder; empty: none yet
  std::chrono::steady_clock::time_point last_attempt_;
  std::uint64_t checkpoint_bytes_ = 0;  ///< of its vectors
  std::unique_ptr<EventLog> log_;
  std::unique_ptr<UpdateRecorder> recorder_;
  std::unique_ptr<RunMetrics> metrics_;

  double grid_interval_ = 0;             ///< virtual time between evaluations, or
  std::uint64_t grid_updates_ = 0;       ///< updates between them, where no time limit is given
  std::uint64_t grid_index_ = 0;         ///< of the next evaluation on the grid
  std::vector<EvaluationPoint> points_;  ///< collected
  std::size_t begun_ = 0;                ///< evaluations begun
  std::size_t settled_ = 0;              ///< of the collected ones, logged and looked at
  KHistory k_;
  std::vector<std::pair<double, std::string>> notes_;
  std::function<void(double, const std::string&)> on_note_;
  std::optional<double> target_time_;
  Outcome outcome_ = Outcome::finished;
  double evaluation_seconds_ = 0;
  /// The last training loss that a policy asked for, and its version: two measurements share it.
  std::optional<std::pair<Version, double>> train_loss_;
};

}  // namespace syncline
