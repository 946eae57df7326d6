#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "server/noise_probe.hpp"
#include "server/parameters.hpp"
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
  Totals* totals = nullptr;  ///< where the workload is the part of a shard; null: it is whole
};

/// The vectors of a run in this process: all of them, or the part of a shard. Not thread-safe;
/// snapshots may be read from any thread.
template <class Real>
class ParameterServer final : public Parameters<Real> {
 public:
  using State = typename Parameters<Real>::State;
  using Vectors = typename Parameters<Real>::Vectors;
  using Read = typename Parameters<Real>::Read;

  /// Throws ConfigError for a bad optimizer, aggregator or transform.
  ParameterServer(const Workload<Real>& workload, const OptimizerConfig& config,
                  const ServerLayout& layout);

  void fold(Slot slot, double weight, std::span<const Real> payload, const Snapshot<Real>& read,
            const Sender& sender = {}) override;
  void put(Slot table, std::span<const Real> payload, const Snapshot<Real>& read,
           const Sender& sender) override;
  void clear(Slot slot) override;
  void swap(Slot table, Slot other) override { std::swap(table_of(table), table_of(other)); }
  void merge(Slot from, Slot into, double weight) override;
  void step(Slot slot, double scale, std::uint64_t version) override;
  void set_k(double k) override { k_ = k; }

  [[nodiscard]] State snapshot() const override { return current_; }
  [[nodiscard]] State previous() const override { return previous_ ? previous_ : current_; }
  [[nodiscard]] State whole(const State& state) override { return state; }
  [[nodiscard]] double step_size() const override;
  [[nodiscard]] std::size_t peak_snapshots() const override { return pool_->peak(); }
  // For those who take orders of others: what is ordered must be possible.
  [[nodiscard]] bool has(Slot slot) const { return slot < slots_.size() + tables_.size(); }
  [[nodiscard]] bool is_table(Slot slot) const { return slot >= slots_.size(); }
  /// Whether a step has nothing to be taken with. REQUIRES: has(slot).
  [[nodiscard]] bool empty(Slot slot) const {
    return is_table(slot) ? tables_[slot - slots_.size()].empty() : slots_[slot]->empty();
  }
  /// Applied so far.
  [[nodiscard]] double gradients() const { return gradients_; }
  [[nodiscard]] const SnapshotPool<Real>& pool() const { return *pool_; }

  void start_from(std::span<const double> state) override;
  void keep_only(const std::vector<std::uint32_t>& coordinates) override;
  void keep_previous() override { keeps_previous_ = true; }
  void set_epochs_per_gradient(double epochs) override { epochs_per_gradient_ = epochs; }
  void watch_steps(const Observables& observables) override {
    scalars_.switch_on(observables, totals_);
  }
  void watch_noise() override { noise_.switch_on(dimension_); }
  void watch_average() override { average_.switch_on(dimension_ + buffers_); }

  void describe(const Observables& wanted, std::span<const Real> payload,
                const Snapshot<Real>& read, const Sender& sender, Arrive& event) override;
  void describe(Stepped& event) override { scalars_.describe(event); }
  [[nodiscard]] State noise_probe(double sign) override;
  void begin_average() override { average_.begin(); }
  [[nodiscard]] State average() override;

  [[nodiscard]] nlohmann::json state() override;
  [[nodiscard]] Vectors vectors() override;
  void restore(const nlohmann::json& state, const Read& read) override;
  State restore_version(std::uint64_t version, const std::string& vector,
                        const Read& read) override;
  void restore_current(const State& state) override;
  void restore_previous(const State& state) override { previous_ = state; }

 private:
  struct Weighed {
    double factor;
    std::span<const Real> payload;  ///< transformed
  };
  [[nodiscard]] Weighed weigh(std::span<const Real> payload, const Snapshot<Real>& read,
                              const Sender& sender);
  /// All vectors besides the versions.
  [[nodiscard]] std::vector<std::pair<std::string, std::vector<Real>*>> parts();
  [[nodiscard]] Table<Real>& table_of(Slot slot) { return tables_[slot - slots_.size()]; }

  std::size_t dimension_;
  std::size_t buffers_;
  std::size_t gradient_length_;  ///< of all vectors of a payload
  bool local_steps_;
  Totals* totals_;
  double buffer_momentum_;
  OptimizerConfig config_;
  double workers_;
  std::unique_ptr<Optimizer<Real>> optimizer_;
  std::unique_ptr<const StepSizeSchedule> schedule_;
  std::unique_ptr<const StepSizeRule> rule_;
  std::unique_ptr<SnapshotPool<Real>> pool_;
  std::shared_ptr<Snapshot<Real>> current_;
  bool keeps_previous_ = false;
  State previous_;
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
