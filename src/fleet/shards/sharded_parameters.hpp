#pragma once

#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "fleet/shards/shard_hub.hpp"
#include "fleet/shards/slices.hpp"
#include "server/parameter_server.hpp"

namespace syncline {

/// A model without parameters.
template <class Real>
class EmptyWorkload final : public Workload<Real> {
 public:
  explicit EmptyWorkload(double buffer_momentum) : buffer_momentum_(buffer_momentum) {}
  [[nodiscard]] std::size_t dimension() const override { return 0; }
  [[nodiscard]] double buffer_momentum() const override { return buffer_momentum_; }
  void initialise(std::uint64_t, std::span<Real>) const override {}
  [[nodiscard]] std::unique_ptr<Replica<Real>> make_replica() const override { return nullptr; }
  [[nodiscard]] std::size_t samples(Split) const override { return 1; }
  [[nodiscard]] bool classifies() const override { return false; }
  [[nodiscard]] std::vector<NamedTensor> layout() const override { return {}; }

 private:
  double buffer_momentum_;
};

/// The vectors of a run, in slices at shards elsewhere. Everything that is done to them is done by
/// all shards, in the same order, so that their versions can't differ. What needs no vectors
/// (counts, K, step sizes, versions) is known here as well: by a parameter server with an empty
/// slice, which does the same.
template <class Real>
class ShardedParameters final : public Parameters<Real> {
 public:
  using State = typename Parameters<Real>::State;
  using Vectors = typename Parameters<Real>::Vectors;
  using Read = typename Parameters<Real>::Read;

  /// `hub` must outlive this.
  ShardedParameters(ShardHub& hub, const Slices& slices, double buffer_momentum,
                    const OptimizerConfig& config, const ServerLayout& layout)
      : hub_(hub), slices_(slices), nothing_(buffer_momentum), here_(nothing_, config, layout) {}

  void fold(Slot slot, double weight, std::span<const Real> payload, const Snapshot<Real>& read,
            const Sender& sender) override;
  void put(Slot table, std::span<const Real> payload, const Snapshot<Real>& read,
           const Sender& sender) override;
  void clear(Slot slot) override;
  void swap(Slot table, Slot other) override;
  void merge(Slot from, Slot into, double weight) override;
  void step(Slot slot, double scale, std::uint64_t version) override;
  void set_k(double k) override;

  [[nodiscard]] State snapshot() const override { return here_.snapshot(); }
  [[nodiscard]] State previous() const override { return here_.previous(); }
  [[nodiscard]] State whole(const State& state) override;
  [[nodiscard]] double step_size() const override { return here_.step_size(); }
  [[nodiscard]] std::size_t peak_snapshots() const override { return here_.peak_snapshots(); }

  // What is wanted from the start on, the shards know by the configuration.
  void start_from(std::span<const double>) override {}
  void keep_only(const std::vector<std::uint32_t>&) override {}
  void keep_previous() override {}
  void set_epochs_per_gradient(double epochs) override { here_.set_epochs_per_gradient(epochs); }
  void watch_steps(const Observables&) override {}
  void watch_noise() override {}
  void watch_average() override {}

  void describe(const Observables& wanted, std::span<const Real> payload,
                const Snapshot<Real>& read, const Sender& sender, Arrive& event) override;
  void describe(Stepped& event) override;
  [[nodiscard]] State noise_probe(double sign) override;
  void begin_average() override { hub_.tell(AverageOrder{}); }
  [[nodiscard]] State average() override;

  [[nodiscard]] nlohmann::json state() override;
  [[nodiscard]] Vectors vectors() override;
  void restore(const nlohmann::json& state, const Read& read) override;
  State restore_version(std::uint64_t version, const std::string& vector,
                        const Read& read) override;
  void restore_current(const State& state) override;
  void restore_previous(const State&) override {}

 private:
  // The answers of all shards to one question, one after the other. What they say is checked: they
  // throw TransportError, with the shard's name, if it makes no sense.
  /// Their parts of a state; empty if all say that there is none.
  [[nodiscard]] std::vector<Real> gather_state();
  /// Their parts of a vector that the server keeps, of whatever kind it is.
  [[nodiscard]] std::vector<Real> gather_vector();
  [[nodiscard]] State gathered(std::uint64_t version);
  /// Numbers that all shards know alike.
  [[nodiscard]] std::vector<double> numbers(std::size_t count);
  struct Described {
    nlohmann::json state;
    std::vector<std::string> names;
  };
  [[nodiscard]] Described described();
  void append(std::uint32_t shard, const std::vector<std::byte>& bytes, std::vector<Real>& all);
  /// That a vector of a shard's server can have this length; `none`: the others have none of it.
  void check_length(std::uint32_t shard, std::size_t length, bool none);

  ShardHub& hub_;
  Slices slices_;
  EmptyWorkload<Real> nothing_;
  ParameterServer<Real> here_;
  std::vector<std::vector<Real>> gathered_;  ///< what vectors() has given
  /// The current version, if it was wanted: evaluations may want it more often than it can be
  /// fetched.
  State fetched_;
};

}  // namespace syncline
