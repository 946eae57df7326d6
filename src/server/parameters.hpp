#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "server/snapshot_pool.hpp"
#include "syncline/actions.hpp"
#include "syncline/event.hpp"
#include "syncline/policy.hpp"

namespace syncline {

/// Whose payload it is, and of which of its jobs.
struct Sender {
  WorkerId worker = 0;
  std::uint64_t job = 0;
};

/// The vectors of a run, wherever they are: the current state (parameters, then batch-norm
/// buffers), the slots and the optimizer. The host decides what happens, this does the arithmetic.
/// Not thread-safe; snapshots may be read from any thread.
template <class Real>
class Parameters {
 public:
  virtual ~Parameters() = default;

  /// Of a version. Where the numbers are elsewhere, `state` is empty.
  using State = std::shared_ptr<const Snapshot<Real>>;

  /// Adds a payload to a slot, or to the worker's entry of a table, with `weight` times the factors
  /// of the transform, the gradient clip and the step size rule. `read` is the state that the
  /// payload was computed at.
  virtual void fold(Slot slot, double weight, std::span<const Real> payload,
                    const Snapshot<Real>& read, const Sender& sender) = 0;
  /// Makes it the worker's entry of a table, with the same factors.
  virtual void put(Slot table, std::span<const Real> payload, const Snapshot<Real>& read,
                   const Sender& sender) = 0;
  virtual void clear(Slot slot) = 0;
  virtual void swap(Slot table, Slot other) = 0;
  /// Adds the aggregate of a slot to another as one payload of that weight, and empties it. Factors
  /// were applied when it was filled.
  virtual void merge(Slot from, Slot into, double weight) = 0;
  /// Steps with the slot's aggregate times `scale` and makes version `version`. Batch-norm buffers
  /// follow the slot's mean statistics by the workload's momentum.
  virtual void step(Slot slot, double scale, std::uint64_t version) = 0;
  /// K in use, for the scaling of the step size against K.
  virtual void set_k(double k) = 0;

  /// The current state; stays valid and unchanged as long as it is held.
  [[nodiscard]] virtual State snapshot() const = 0;
  /// The version before; at version 0 the same. REQUIRES: keep_previous() was called.
  [[nodiscard]] virtual State previous() const = 0;
  /// The same with its numbers.
  [[nodiscard]] virtual State whole(const State& state) = 0;
  [[nodiscard]] virtual double step_size() const = 0;
  /// The most versions that were held at once.
  [[nodiscard]] virtual std::size_t peak_snapshots() const = 0;

  // What is wanted of it besides, from the start on.
  /// Begins with this state in place of the workload's own.
  virtual void start_from(std::span<const double> state) = 0;
  /// Sets all parameters to 0 but these. Payloads must be 0 elsewhere.
  virtual void keep_only(const std::vector<std::uint32_t>& coordinates) = 0;
  virtual void keep_previous() = 0;
  /// Training progress that schedules read: epochs per applied gradient.
  virtual void set_epochs_per_gradient(double epochs) = 0;
  /// Gathers the scalars of steps that are declared.
  virtual void watch_steps(const Observables& observables) = 0;
  /// Keeps what noise_probe() needs; costs one copy of each gradient.
  virtual void watch_noise() = 0;
  /// Keeps the mean of all versions since begin_average(); costs one pass a step.
  virtual void watch_average() = 0;

  // Measurements.
  virtual void describe(const Observables& wanted, std::span<const Real> payload,
                        const Snapshot<Real>& read, const Sender& sender, Arrive& event) = 0;
  /// Of the last step.
  virtual void describe(Stepped& event) = 0;
  /// The current state with the parameters moved by `sign` times the way that the noise of one
  /// gradient takes them ("noise_cost" in syncline/policy.hpp); null before two folds.
  [[nodiscard]] virtual State noise_probe(double sign) = 0;
  virtual void begin_average() = 0;
  /// The mean of the versions, as a state; null before the first step.
  [[nodiscard]] virtual State average() = 0;

  // For checkpoints: numbers, then vectors under names, and versions.
  using Vectors = std::vector<std::pair<std::string, std::span<const Real>>>;
  /// Reads the vector of a name, which has the length of `vector`.
  using Read = std::function<void(const std::string& name, std::vector<Real>& vector)>;
  [[nodiscard]] virtual nlohmann::json state() = 0;
  /// Valid until something else is called.
  [[nodiscard]] virtual Vectors vectors() = 0;
  virtual void restore(const nlohmann::json& state, const Read& read) = 0;
  /// `vector`: the name of its state.
  virtual State restore_version(std::uint64_t version, const std::string& vector,
                                const Read& read) = 0;
  virtual void restore_current(const State& state) = 0;
  virtual void restore_previous(const State& state) = 0;
};

}  // namespace syncline
