#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "syncline/config.hpp"
#include "syncline/event.hpp"
#include "syncline/progress.hpp"
#include "syncline/registry.hpp"

namespace syncline {

/// Who exchanges models with whom, without a server: an undirected graph without loops.
struct Topology {
  std::vector<std::vector<WorkerId>> neighbours;  ///< of each node, ascending

  [[nodiscard]] std::uint32_t nodes() const {
    return static_cast<std::uint32_t>(neighbours.size());
  }
  [[nodiscard]] std::uint64_t degree(WorkerId node) const { return neighbours[node].size(); }
};

/// Draws a graph of so many nodes; one that is random tries until it is connected and every node
/// has `least` neighbours.
using TopologyFactory =
    std::function<Topology(const Arguments&, std::uint32_t nodes, std::uint64_t least)>;

/// ring, torus, complete, random, edges.
[[nodiscard]] const Registry<TopologyFactory>& topologies();

/// Makes a topology from `random(p=0.5, seed=1)`. Throws ConfigError if a node has fewer than
/// `least` neighbours (it names node and degree) or no path to another, DataError for a bad file.
[[nodiscard]] Topology make_topology(std::string_view text, std::uint32_t nodes,
                                     std::uint64_t least = 1);

/// What nodes without a server do with each other's models. N_j are the neighbours of node j, w_j
/// its model, g_j its gradient, rho the step size; all nodes start from the same model.
///
/// rounds: w_j <- mix({w_i : i in N_j}, w_j) - rho g_j(w_j), all at once, with the gradient at the
///     model before mixing; a round lasts until the slowest node is done.
/// pairs: each node by itself computes a gradient at its own model, then takes, in one instant, the
///     mean with one random neighbour (both have it then), and subtracts rho times the gradient.
struct NodeMethod {
  enum class Timing { rounds, pairs };
  Timing timing = Timing::rounds;
  std::string mixing;            ///< "metropolis", "trimmed-mean(b=2)"; empty for pairs
  std::string topology;          ///< "ring"
  std::string faulty = "none";   ///< what faulty nodes send for models; or worker.attack says it
  std::uint64_t neighbours = 1;  ///< that every node needs
};

using NodeMethodFactory = std::function<NodeMethod(const Arguments&)>;

/// dgd, bridge, ad-psgd.
[[nodiscard]] const Registry<NodeMethodFactory>& node_methods();

/// Reads `bridge(screen=trimmed-mean, b=2, topology=random(p=0.5))`. Throws ConfigError.
[[nodiscard]] NodeMethod make_node_method(std::string_view text);

/// Whether a policy text names a node method: then it is run by train_decentralised().
[[nodiscard]] bool is_node_method(std::string_view policy);

/// What train() is for policies with a server; `config.policy` is a node method. The document of a
/// run, whose metrics are means over the honest nodes, has one more member, `nodes`: graph, faulty
/// nodes and the worst node's figures (docs/algorithms/decentralised.md).
[[nodiscard]] nlohmann::ordered_json train_decentralised(const RunConfig& config,
                                                         const Progress& progress);

}  // namespace syncline
