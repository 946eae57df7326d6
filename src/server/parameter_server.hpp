#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "server/aggregator.hpp"
#include "server/noise_probe.hpp"
#include "server/running_average.hpp"
#include "server/snapshot_pool.hpp"
#include "syncline/config.hpp"
#include "syncline/optimizer.hpp"
#include "syncline/step_size.hpp"
#include "syncline/workload.hpp"

namespace syncline {

/// The vectors of a run: the current state (parameters, then batch-norm buffers), the slots and the
/// optimizer. The host decides what happens, this does the arithmetic. Not thread-safe; snapshots
/// may be read from any thread.
template <class Real>
class ParameterServer {
 public:
  /// Throws ConfigError for a bad optimizer configuration.
  ParameterServer(const Workload<Real>& workload, const OptimizerConfig& config,
                  std::uint32_t workers, std::uint32_t slots, std::uint64_t seed);

  /// Adds a payload to a slot with `weight`, times the factors of the gradient clip and of the step
  /// size rule. `read` is the state that the payload was computed at.
  void fold(std::uint32_t slot, double weight, std::span<const Real> payload,
            const Snapshot<Real>& read);
  void clear(std::uint32_t slot) { slots_[slot].clear(); }

  /// Steps with the slot's aggregate times `scale` and makes version `version`. Batch-norm buffers
  /// follow the slot's mean statistics by the workload's momentum.
  void step(std::uint32_t slot, double scale, std::uint64_t version);

  /// The current state; stays valid and unchanged as long as it is held.
  [[nodiscard]] std::shared_ptr<const Snapshot<Real>> snapshot() const { return current_; }

  /// Keeps from now on what noise_probe() needs; costs one copy of each gradient.
  void watch_noise() { noise_.switch_on(dimension_); }
  /// The current state with the parameters moved by `sign` times the way that the noise of one
  /// gradient takes them ("noise_cost" in syncline/policy.hpp); null before two folds.
  /// REQUIRES: watch_noise() was called.
  [[nodiscard]] std::shared_ptr<const Snapshot<Real>> noise_probe(double sign) const;

  /// Keeps from now on the mean of all versions since begin_average(); costs one pass a step.
  void watch_average() { average_.switch_on(dimension_ + buffers_); }
  void begin_average() { average_.begin(); }
  /// That mean, as a state; null before the first step. REQUIRES: watch_average() was called.
  [[nodiscard]] std::shared_ptr<const Snapshot<Real>> average() const;

  /// K in use, for the scaling of the step size against K.
  void set_k(double k) { k_ = k; }
  /// Training progress that schedules read: epochs per applied gradient.
  void set_epochs_per_gradient(double epochs) { epochs_per_gradient_ = epochs; }

  [[nodiscard]] double step_size() const;
  [[nodiscard]] const SnapshotPool<Real>& pool() const { return *pool_; }

  // For checkpoints.
  [[nodiscard]] std::vector<MeanAggregator<Real>>& slots() { return slots_; }
  [[nodiscard]] Optimizer<Real>& optimizer() { return *optimizer_; }
  [[nodiscard]] NoiseProbe<Real>& noise() { return noise_; }
  [[nodiscard]] RunningAverage<Real>& running_average() { return average_; }
  [[nodiscard]] double gradients() const { return gradients_; }
  [[nodiscard]] double k() const { return k_; }
  void restore(std::shared_ptr<Snapshot<Real>> current, double gradients, double k);
  [[nodiscard]] SnapshotPool<Real>& mutable_pool() { return *pool_; }

 private:
  std::size_t dimension_;
  std::size_t buffers_;
  double buffer_momentum_;
  OptimizerConfig config_;
  double workers_;
  std::unique_ptr<Optimizer<Real>> optimizer_;
  std::unique_ptr<const StepSizeSchedule> schedule_;
  std::unique_ptr<const StepSizeRule> rule_;
  std::unique_ptr<SnapshotPool<Real>> pool_;
  std::shared_ptr<Snapshot<Real>> current_;
  std::vector<MeanAggregator<Real>> slots_;
  NoiseProbe<Real> noise_;
  RunningAverage<Real> average_;
  double k_;
  double gradients_ = 0;  ///< applied so far
  double epochs_per_gradient_ = 0;
};

}  // namespace syncline
