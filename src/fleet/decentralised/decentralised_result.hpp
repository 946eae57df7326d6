#pragma once

#include <optional>
#include <vector>

#include "syncline/decentralised.hpp"
#include "trace/run_result.hpp"

namespace syncline {

/// The honest node that stands worst at one evaluation: the mean hides a node that has lost touch.
struct WorstNode {
  double time = 0;
  Version update = 0;
  WorkerId node = 0;
  Metrics metrics;  ///< its own; worst by test error, then (or where nothing is classified) by loss
  /// sqrt((1/H) sum_j ||w_j - mean||^2) over the H honest nodes: 0 where all agree.
  double disagreement = 0;
};

/// What one run without a server measured.
struct DecentralisedResult {
  RunResult run;                         ///< metrics are means over the honest nodes
  std::vector<WorstNode> worst;          ///< one for each of run.points
  std::optional<WorstNode> final_worst;  ///< on the full splits, as run.final_metrics
  /// By node, on the full splits; nothing for a faulty one. Empty without a final evaluation.
  std::vector<std::optional<Metrics>> final_nodes;
  std::vector<bool> faulty;  ///< by node
  Topology topology;
};

}  // namespace syncline
