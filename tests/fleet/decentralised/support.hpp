#pragma once

#include "fleet/decentralised/run.hpp"
#include "fleet/training_support.hpp"

namespace syncline::testing {

/// A short run of a small model: 6 nodes, 40 updates.
inline RunConfig short_node_run(const std::string& method) {
  RunConfig config = short_run(method);
  config.stop.updates = 40;
  return config;
}

template <class Real>
struct NodesFinished {
  DecentralisedResult result;
  std::vector<std::vector<Real>> models;
};

template <class Real>
NodesFinished<Real> run_nodes(const RunConfig& config,
                              std::shared_ptr<const Workload<Real>> workload) {
  DecentralisedRun<Real> run(config, std::move(workload));
  DecentralisedResult result = run.run({});
  return {std::move(result), run.models()};
}

template <class Real>
bool same_bits(const std::vector<std::vector<Real>>& a, const std::vector<std::vector<Real>>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const auto& x, const auto& y) { return same_bits(x, y); });
}

/// The mean of all nodes' models.
template <class Real>
std::vector<double> mean_model(const std::vector<std::vector<Real>>& models) {
  std::vector<double> mean(models[0].size(), 0.0);
  for (const auto& model : models) {
    for (std::size_t i = 0; i < mean.size(); ++i) {
      mean[i] += static_cast<double>(model[i]) / static_cast<double>(models.size());
    }
  }
  return mean;
}

}  // namespace syncline::testing
