#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fleet/virtual/evaluator.hpp"
#include "fleet/virtual/gradient_jobs.hpp"
#include "fleet/virtual/look_ahead.hpp"
#include "fleet/virtual/virtual_fleet.hpp"
#include "server/parameter_server.hpp"
#include "syncline/config.hpp"
#include "syncline/progress.hpp"
#include "trace/event_log.hpp"
#include "trace/run_result.hpp"
#include "trace/run_statistics.hpp"
#include "trace/timeline_recorder.hpp"

namespace syncline {

/// One run of one policy on the virtual fleet with real gradients: the event loop.
///
/// The result depends on the configuration alone, bit for bit, whatever the number of compute
/// threads, and whether or not the run was interrupted and resumed.
template <class Real>
class TrainingRun {
 public:
  /// Checks everything of the configuration that has not been checked (ConfigError). The workload
  /// and the timing may be shared with other runs.
  TrainingRun(const RunConfig& config, std::shared_ptr<const Workload<Real>> workload,
              std::shared_ptr<const FleetTiming> timing);

  /// Whether the full splits are evaluated at the end (costly, and of no use while tuning).
  void set_final_evaluation(bool wanted) { final_evaluation_ = wanted; }
  /// Called with each evaluation, in order.
  void on_point(std::function<void(const EvaluationPoint&)> callback) {
    on_point_ = std::move(callback);
  }
  /// As GradientJobs::watch_folds.
  void watch_folds(typename GradientJobs<Real>::FoldWatch watch) {
    jobs_.watch_folds(std::move(watch));
  }

  /// Of the policy.
  [[nodiscard]] const Requirements& requirements() const { return requirements_; }

  RunResult run(const Progress& progress);

  /// The state after run(): parameters, then buffers.
  [[nodiscard]] const std::vector<Real>& state() const { return server_.snapshot()->state; }

 private:
  /// Notes what the policy publishes.
  class PublishedRecorder final : public HostObserver {
   public:
    explicit PublishedRecorder(TrainingRun& run) : run_(run) {}
    void published(const char* name, double value, double time) override;

   private:
    TrainingRun& run_;
  };

  void loop(const Progress& progress);
  [[nodiscard]] bool limit_reached(double next_time) const;
  void deliver_measurement();
  [[nodiscard]] double measure(const std::string& name);
  void evaluate_grid(double until);
  void evaluate(double time);
  void settle_points(std::size_t count);
  void check_target(std::size_t known);
  [[nodiscard]] EvaluationPoint present() const;
  void look_ahead();
  [[nodiscard]] RunResult result();
  void write_end(const RunResult& result);

  void save_checkpoint();
  void load_checkpoint();
  [[nodiscard]] nlohmann::ordered_json identity() const;

  RunConfig config_;
  std::shared_ptr<const Workload<Real>> workload_;
  std::shared_ptr<const FleetTiming> timing_;
  std::unique_ptr<Sampler> sampler_;
  std::uint32_t threads_;
  bool final_evaluation_ = true;
  std::function<void(const EvaluationPoint&)> on_point_;

  VirtualFleet fleet_;
  Requirements requirements_;  ///< of the policy
  std::unique_ptr<const WorkerProgram<Real>> program_;
  Wire<Real> wire_;
  ParameterServer<Real> server_;
  ComputePool<Real> pool_;
  GradientJobs<Real> jobs_;
  Evaluator<Real> evaluator_;
  std::unique_ptr<LookAhead> look_ahead_;

  RunStatistics statistics_;
  TimelineRecorder timeline_;
  PublishedRecorder published_;
  std::unique_ptr<EventLog> log_;
  std::unique_ptr<UpdateRecorder> recorder_;

  double grid_interval_ = 0;             ///< virtual time between evaluations, or
  std::uint64_t grid_updates_ = 0;       ///< updates between them, where no time limit is given
  std::uint64_t grid_index_ = 0;         ///< of the next evaluation on the grid
  std::vector<EvaluationPoint> points_;  ///< collected
  std::size_t begun_ = 0;                ///< evaluations begun
  std::size_t settled_ = 0;              ///< of the collected ones, logged and looked at
  KHistory k_;
  std::optional<double> target_time_;
  Outcome outcome_ = Outcome::finished;
  double evaluation_seconds_ = 0;
  /// The last training loss that a policy asked for, and its version: two measurements share it.
  std::optional<std::pair<Version, double>> train_loss_;
};

}  // namespace syncline
