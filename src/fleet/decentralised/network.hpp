#pragma once

#include <memory>
#include <vector>

#include "fleet/decentralised/mixing.hpp"
#include "fleet/virtual/fleet_timing.hpp"
#include "syncline/config.hpp"
#include "syncline/step_size.hpp"
#include "syncline/workload.hpp"

namespace syncline {

/// The nodes of a run, who hears whom, and each node's model: its parameters, then its batch-norm
/// statistics, which are mixed as further coordinates.
template <class Real>
class Network {
 public:
  /// Checks the whole configuration, whose `policy` is a node method. Throws ConfigError, also for
  /// settings that mean nothing without a server.
  Network(const RunConfig& config, std::shared_ptr<const Workload<Real>> workload);

  [[nodiscard]] const RunConfig& config() const { return config_; }
  [[nodiscard]] const NodeMethod& method() const { return method_; }
  [[nodiscard]] const Topology& topology() const { return topology_; }
  [[nodiscard]] const FleetTiming& timing() const { return timing_; }
  [[nodiscard]] const Workload<Real>& workload() const { return *workload_; }
  /// Null for methods without rounds.
  [[nodiscard]] const Mixing<Real>* mixing() const { return mixing_.get(); }
  [[nodiscard]] std::uint32_t nodes() const { return topology_.nodes(); }
  [[nodiscard]] AggregatorShape shape() const;

  std::vector<std::vector<Real>>& models() { return models_; }
  [[nodiscard]] const std::vector<std::vector<Real>>& models() const { return models_; }

  /// The gradient of a node's job at `model`, clipped and with the decay of the weights, then its
  /// batch-norm statistics. Returns the loss. Thread-safe, and a function of its arguments.
  double gradient(Replica<Real>& replica, WorkerId node, std::uint64_t job,
                  std::span<const Real> model, std::span<Real> payload) const;
  /// model <- model - rho payload, and the statistics a step towards those of the payload.
  void descend(std::span<const Real> payload, double rho, std::span<Real> model) const;
  /// For the step number `step` of a node, after `gradients` of all nodes.
  [[nodiscard]] double step_size(std::uint64_t step, std::uint64_t gradients) const;

 private:
  RunConfig config_;
  std::shared_ptr<const Workload<Real>> workload_;
  NodeMethod method_;
  Topology topology_;
  FleetTiming timing_;
  std::unique_ptr<const Mixing<Real>> mixing_;
  std::unique_ptr<const Sampler> sampler_;
  std::unique_ptr<const StepSizeSchedule> schedule_;
  std::vector<std::vector<Real>> models_;
};

}  // namespace syncline
