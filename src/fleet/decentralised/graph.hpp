#pragma once

#include <utility>
#include <vector>

#include "syncline/decentralised.hpp"

namespace syncline {

using Edges = std::vector<std::pair<WorkerId, WorkerId>>;

/// The graph with these edges, each in both directions; loops and repetitions count for nothing.
[[nodiscard]] Topology graph(std::uint32_t nodes, const Edges& edges);

/// The first node with fewer than `least` neighbours; nodes() if there is none.
[[nodiscard]] WorkerId short_of(const Topology& topology, std::uint64_t least);

/// The first node that no path leads to from node 0; nodes() if there is none.
[[nodiscard]] WorkerId cut_off(const Topology& topology);

}  // namespace syncline
