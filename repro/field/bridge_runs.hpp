#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/summary.hpp"
#include "picture.hpp"

// BRIDGE's attack experiment: what two faulty nodes of twenty do to those that mix their models.
namespace syncline::repro {

/// How a node mixes its neighbours' models with its own.
struct Mixing {
  std::string key;     ///< in the names of parts
  std::string title;   ///< as tables call it
  std::string method;  ///< `bridge(screen=median, b=2`: topology and faulty nodes follow
  int color = 0;
};

/// What the faulty nodes send for models. One of both is none.
struct Fault {
  std::string key;
  std::string title;
  std::string faulty = "none";  ///< of the method
  std::string attack = "none";  ///< worker.attack
  double step_size = 0.05;
};

/// DGD without a screen, and BRIDGE with each of its four.
[[nodiscard]] const std::vector<Mixing>& mixings_of_bridge();
/// Nobody first; last, nobody with a smaller step.
[[nodiscard]] const std::vector<Fault>& faults_of_bridge();
[[nodiscard]] const Mixing& mixing_named(const std::string& key);
[[nodiscard]] const Fault& fault_named(const std::string& key);

/// One for each mixing and fault, run under the seeds 1, 2, ...; the seed is the graph's too.
[[nodiscard]] std::vector<Part> bridge_parts(Scale scale);

/// Test accuracies of the honest nodes on the full test set, in percent, by seed.
struct NodeScores {
  std::vector<double> mean;
  std::vector<double> worst;
  std::vector<Point> curve;  ///< fraction that is right against rounds, mean of nodes and seeds
  bool diverged = false;     ///< on some seed: then all of the above is empty
};

/// Nothing if the part has not been computed.
[[nodiscard]] std::optional<NodeScores> scores_of(const Results& results, const Mixing& mixing,
                                                  const Fault& fault);

}  // namespace syncline::repro
