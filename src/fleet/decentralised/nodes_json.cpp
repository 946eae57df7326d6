#include "fleet/decentralised/nodes_json.hpp"

#include <cmath>

#include <nlohmann/json.hpp>

namespace syncline {
namespace {

using Json = nlohmann::ordered_json;

/// JSON has no NaN: a quantity that does not exist is null.
Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json worst_json(const WorstNode& worst) {
  return {{"node", worst.node},
          {"test_error", number(worst.metrics.test_error)},
          {"test_loss", number(worst.metrics.test_loss)},
          {"disagreement", number(worst.disagreement)}};
}

/// A node's own end: what the mean hides. Null for a faulty one.
Json final_json(const std::vector<std::optional<Metrics>>& nodes) {
  if (nodes.empty()) return nullptr;
  Json list = Json::array();
  for (const auto& metrics : nodes) {
    if (metrics) {
      list.push_back(
          {{"test_error", number(metrics->test_error)}, {"test_loss", number(metrics->test_loss)}});
    } else {
      list.push_back(nullptr);
    }
  }
  return list;
}

}  // namespace

nlohmann::ordered_json nodes_json(const DecentralisedResult& result) {
  Json edges = Json::array();
  for (WorkerId i = 0; i < result.topology.nodes(); ++i) {
    for (const WorkerId j : result.topology.neighbours[i]) {
      if (i < j) edges.push_back({i, j});
    }
  }
  Json faulty = Json::array();
  for (WorkerId node = 0; node < result.faulty.size(); ++node) {
    if (result.faulty[node]) faulty.push_back(node);
  }
  Json worst = Json::array();
  for (const WorstNode& point : result.worst) {
    Json entry = {{"time", point.time}, {"update", point.update}};
    entry.update(worst_json(point));
    worst.push_back(std::move(entry));
  }
  return {{"edges", std::move(edges)},
          {"faulty", std::move(faulty)},
          {"final", final_json(result.final_nodes)},
          {"worst", std::move(worst)},
          {"final_worst", result.final_worst ? worst_json(*result.final_worst) : Json(nullptr)}};
}

}  // namespace syncline
