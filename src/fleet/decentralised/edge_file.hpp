#pragma once

#include <string>

#include "fleet/decentralised/graph.hpp"

namespace syncline {

/// Reads a list of edges: a line for each, two node numbers from 0 on; `#` begins a comment.
/// Throws DataError with the line: not two numbers, a node that isn't there, a loop.
[[nodiscard]] Edges read_edges(const std::string& path, std::uint32_t nodes);

}  // namespace syncline
