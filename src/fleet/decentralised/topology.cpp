#include <algorithm>
#include <string>

#include "fleet/decentralised/edge_file.hpp"
#include "fleet/decentralised/graph.hpp"
#include "syncline/random.hpp"

namespace syncline {
namespace {

constexpr Stream topology_stream = static_cast<Stream>(34);
/// Pairs of nodes that random graphs ask about before giving up: a second of work. What few of the
/// graphs are is found all the same: one in a thousand gives 20 nodes 9 neighbours each at p = 0.5.
constexpr std::uint64_t most_pairs = 5'000'000;
constexpr std::uint64_t least_tries = 10;

Topology ring(const Arguments&, std::uint32_t nodes, std::uint64_t) {
  Edges edges;
  for (WorkerId node = 0; node < nodes; ++node) edges.emplace_back(node, (node + 1) % nodes);
  return graph(nodes, edges);
}

Topology torus(const Arguments& arguments, std::uint32_t nodes, std::uint64_t) {
  const std::uint64_t rows = arguments.at_least_one("rows");
  const std::uint64_t columns = arguments.at_least_one("columns");
  if (rows > nodes || columns > nodes || rows * columns != nodes) {
    arguments.refuse("rows", "times columns must be the number of nodes, " + std::to_string(nodes));
  }
  Edges edges;
  const auto at = [&](std::uint64_t row, std::uint64_t column) {
    return static_cast<WorkerId>(row % rows * columns + column % columns);
  };
  for (std::uint64_t row = 0; row < rows; ++row) {
    for (std::uint64_t column = 0; column < columns; ++column) {
      edges.emplace_back(at(row, column), at(row + 1, column));
      edges.emplace_back(at(row, column), at(row, column + 1));
    }
  }
  return graph(nodes, edges);
}

/// Every pair of nodes that `wanted` says yes to; asked in a fixed order.
template <class Wanted>
Topology pairs_of(std::uint32_t nodes, Wanted&& wanted) {
  Edges edges;
  for (WorkerId i = 0; i < nodes; ++i) {
    for (WorkerId j = i + 1; j < nodes; ++j) {
      if (wanted()) edges.emplace_back(i, j);
    }
  }
  return graph(nodes, edges);
}

Topology complete(const Arguments&, std::uint32_t nodes, std::uint64_t) {
  return pairs_of(nodes, [] { return true; });
}

Topology random_graph(const Arguments& arguments, std::uint32_t nodes, std::uint64_t least) {
  const double p = arguments.positive("p");
  if (p > 1) arguments.refuse("p", "must be a probability, above 0 and up to 1");
  const std::uint64_t seed = arguments.whole("seed");
  const std::uint64_t pairs = std::uint64_t{nodes} * (nodes - 1) / 2;
  const std::uint64_t tries = std::max(least_tries, most_pairs / pairs);
  for (std::uint64_t job = 0; job < tries; ++job) {
    DrawStream stream(topology_stream, {seed, 0, job});
    Topology topology = pairs_of(nodes, [&] { return stream.uniform() < p; });
    if (short_of(topology, least) == nodes && cut_off(topology) == nodes) return topology;
  }
  arguments.refuse("p", "gave no connected graph of " + std::to_string(nodes) +
                            " nodes with at least " + std::to_string(least) +
                            " neighbours each in " + std::to_string(tries) +
                            " tries: take a larger p, more nodes, or a method that needs fewer "
                            "neighbours");
}

Topology edges_of_file(const Arguments& arguments, std::uint32_t nodes, std::uint64_t) {
  return graph(nodes, read_edges(arguments.text("file"), nodes));
}

}  // namespace

const Registry<TopologyFactory>& topologies() {
  static const Registry<TopologyFactory> registry(
      "topology",
      {{"ring", "each node and the next: 2 neighbours", "the usual textbook", {}, ring},
       {"torus",
        "a grid whose edges are joined: 4 neighbours (fewer with 1 or 2 rows or columns)",
        "the usual textbook",
        {{"rows", "of the grid", std::nullopt}, {"columns", "rows * columns nodes", std::nullopt}},
        torus},
       {"complete", "everybody with everybody", "the usual textbook", {}, complete},
       {"random",
        "each pair with probability p, redrawn until it is connected and all have enough "
        "neighbours",
        "Erdos and Renyi (1959); redrawn as in arXiv 1908.08098",
        {{"p", "probability of an edge, up to 1", "0.5"},
         {"seed", "of the graph, whatever that of the run is", "1"}},
        random_graph},
       {"edges",
        "a given graph",
        "",
        {{"file", "a line `i j` for each edge, nodes from 0 on, # for comments", std::nullopt}},
        edges_of_file}});
  return registry;
}

Topology make_topology(std::string_view text, std::uint32_t nodes, std::uint64_t least) {
  const std::string name = "topology '" + std::string(text) + "'";
  if (nodes < 2) throw ConfigError(name + ": there must be at least 2 nodes (fleet.workers)");
  const Spec spec = parse_spec(text);
  const auto& entry = topologies().find(spec.name);
  Topology topology = entry.make(Arguments(spec, entry.parameters), nodes, least);
  if (const WorkerId node = short_of(topology, least); node < nodes) {
    throw ConfigError(name + ": node " + std::to_string(node) + " has " +
                      std::to_string(topology.degree(node)) + " neighbours, and every node needs " +
                      std::to_string(least) +
                      ": take a denser topology, or a method (a b) that needs fewer");
  }
  if (const WorkerId node = cut_off(topology); node < nodes) {
    throw ConfigError(name + ": no path leads from node 0 to node " + std::to_string(node) +
                      ": such nodes never agree; add edges");
  }
  return topology;
}

}  // namespace syncline
