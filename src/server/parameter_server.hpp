#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "server/noise_probe.hpp"
#include "server/running_average.hpp"
#include "server/snapshot_pool.hpp"
#include "server/step_scalars.hpp"
#include "server/table.hpp"
#include "syncline/aggregator.hpp"
#include "syncline/attack.hpp"
#include "syncline/config.hpp"
#include "syncline/optimizer.hpp"
#include "syncline/policy.hpp"
#include "syncline/step_size.hpp"
#include "syncline/transform.hpp"
#include "syncline/workload.hpp"

namespace syncline {

/// What a server is made of, beside model and optimizer.
struct ServerLayout {
  std::uint32_t workers = 1;
  std::uint32_t slots = 1;   ///< as in Requirements
  std::uint32_t tables = 0;  ///< numbered after the slots
  std::string aggregator = "mean";
  std::string transform = "none";
  std::string attack = "none";
  std::uint64_t seed = 1;
  std::size_t vectors = 1;  ///< of the model's dimension in a payload
  /// Payloads are displacements by the workers' own steps: subtracted as they are.
  bool local_steps = false;
};

/// Whose payload it is, and of which of its jobs.
struct Sender {
  WorkerId worker = 0;
  std::uint64_t job = 0;
};

/// The vectors of a run: the current state (parameters, then batch-norm buffers), the slots and the
/// optimizer. The host decides what happens, this does the arithmetic. Not thread-safe; snapshots
/// may be read from any thread.
template <class Real>
class ParameterServer {
 public:
  /// Throws ConfigError for a bad optimizer, aggregator or transform.
  ParameterServer(const Workload<Real>& workload, const OptimizerConfig& config,
                  const ServerLayout& layout);

  /// Adds a payload to a slot, or to the worker's entry of a table, with `weight` times the factors
  /// of the transform, the gradient clip and the step size rule. `read` is the state that the
  /// payload was computed at.
  void fold(Slot slot, double weight, std::span<const Real> payload, const Snapshot<Real>& read,
            const Sender& sender = {});
  /// Makes it the worker's entry of a table, with the same factors.
  void put(Slot table, std::span<const Real> payload, const Snapshot<Real>& read,
           const Sender& sender);
  void clear(Slot slot);
  void swap(Slot table, Slot other) { std::swap(table_of(table), table_of(other)); }
  /// Adds the aggregate of a slot to another as one payload of that weight, and empties it. Factors
  /// were applied when it was filled.
  void merge(Slot from, Slot into, double weight);

  /// Steps with the slot's aggregate times `scale` and makes version `version`. Batch-norm buffers
  /// follow the slot's mean statistics by the workload's momentum.
  void step(Slot slot, double scale, std::uint64_t version);

  /// Begins with this state in place of the workload's own, at the start.
  void start_from(std::span<const double> state);
  /// Sets all parameters to 0 but these, at the start. Payloads must be 0 elsewhere.
  void keep_only(const std::vector<std::uint32_t>& coordinates);

  /// The current state; stays valid and unchanged as long as it is held.
  [[nodiscard]] std::shared_ptr<const Snapshot<Real>> snapshot() const { return current_; }
  /// The version before; at version 0 the same. REQUIRES: keep_previous() was called.
  [[nodiscard]] std::shared_ptr<const Snapshot<Real>> previous() const {
    return previous_ ? previous_ : current_;
  }
  void keep_previous() { keeps_previous_ = true; }

  /// Gathers from now on the scalars of steps that are declared.
  void watch_steps(const Observables& observables) { scalars_.switch_on(observables); }
  /// Of the last step.
  [[nodiscard]] const StepScalars<Real>& step_scalars() const { return scalars_; }

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
  [[nodiscard]] std::vector<std::unique_ptr<Aggregator<Real>>>& slots() { return slots_; }
  [[nodiscard]] std::vector<Table<Real>>& tables() { return tables_; }
  [[nodiscard]] std::vector<std::size_t>& merged() { return merged_; }
  [[nodiscard]] Transform<Real>* transform() { return transform_.get(); }  ///< null if none
  [[nodiscard]] Attack<Real>* attack() { return attack_.get(); }           ///< null if none
  [[nodiscard]] StepScalars<Real>& mutable_step_scalars() { return scalars_; }
  [[nodiscard]] Optimizer<Real>& optimizer() { return *optimizer_; }
  [[nodiscard]] NoiseProbe<Real>& noise() { return noise_; }
  [[nodiscard]] RunningAverage<Real>& running_average() { return average_; }
  [[nodiscard]] double gradients() const { return gradients_; }
  [[nodiscard]] double k() const { return k_; }
  void restore(std::shared_ptr<Snapshot<Real>> current, double gradients, double k);
  void restore_previous(std::shared_ptr<const Snapshot<Real>> previous) {
    previous_ = std::move(previous);
  }
  [[nodiscard]] SnapshotPool<Real>& mutable_pool() { return *pool_; }

 private:
  struct Weighed {
    double factor;
    std::span<const Real> payload;  ///< transformed
  };
  [[nodiscard]] Weighed weigh(std::span<const Real> payload, const Snapshot<Real>& read,
                              const Sender& sender);
  [[nodiscard]] bool is_table(Slot slot) const { return slot >= slots_.size(); }
  [[nodiscard]] Table<Real>& table_of(Slot slot) { return tables_[slot - slots_.size()]; }

  std::size_t dimension_;
  std::size_t buffers_;
  std::size_t gradient_length_;  ///< of all vectors of a payload
  bool local_steps_;
  double buffer_momentum_;
  OptimizerConfig config_;
  double workers_;
  std::unique_ptr<Optimizer<Real>> optimizer_;
  std::unique_ptr<const StepSizeSchedule> schedule_;
  std::unique_ptr<const StepSizeRule> rule_;
  std::unique_ptr<SnapshotPool<Real>> pool_;
  std::shared_ptr<Snapshot<Real>> current_;
  bool keeps_previous_ = false;
  std::shared_ptr<const Snapshot<Real>> previous_;
  std::vector<std::unique_ptr<Aggregator<Real>>> slots_;
  std::vector<std::size_t> merged_;  ///< [slot]: payloads that its aggregator does not count
  std::vector<Table<Real>> tables_;
  std::unique_ptr<Transform<Real>> transform_;
  std::unique_ptr<Attack<Real>> attack_;
  std::vector<Real> changed_;  ///< a payload that attack or transform may change
  StepScalars<Real> scalars_;
  NoiseProbe<Real> noise_;
  RunningAverage<Real> average_;
  double k_;
  double gradients_ = 0;  ///< applied so far
  double epochs_per_gradient_ = 0;
};

}  // namespace syncline
