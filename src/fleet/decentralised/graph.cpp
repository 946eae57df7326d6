#include "fleet/decentralised/graph.hpp"

#include <algorithm>

namespace syncline {

Topology graph(std::uint32_t nodes, const Edges& edges) {
  Topology topology;
  topology.neighbours.resize(nodes);
  for (const auto& [i, j] : edges) {
    if (i == j) continue;
    topology.neighbours[i].push_back(j);
    topology.neighbours[j].push_back(i);
  }
  for (auto& list : topology.neighbours) {
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
  }
  return topology;
}

WorkerId short_of(const Topology& topology, std::uint64_t least) {
  WorkerId node = 0;
  while (node < topology.nodes() && topology.degree(node) >= least) ++node;
  return node;
}

WorkerId cut_off(const Topology& topology) {
  std::vector<bool> reached(topology.nodes(), false);
  std::vector<WorkerId> open = {0};
  reached[0] = true;
  while (!open.empty()) {
    const WorkerId node = open.back();
    open.pop_back();
    for (const WorkerId next : topology.neighbours[node]) {
      if (reached[next]) continue;
      reached[next] = true;
      open.push_back(next);
    }
  }
  return static_cast<WorkerId>(std::find(reached.begin(), reached.end(), false) - reached.begin());
}

}  // namespace syncline
