#include "fleet/decentralised/edge_file.hpp"

#include <fstream>
#include <sstream>

#include "base/open_to_read.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

std::pair<WorkerId, WorkerId> edge_of(const std::string& line, std::uint32_t nodes,
                                      const std::string& where) {
  std::istringstream words(line);
  std::string from, to, more;
  if (!(words >> from >> to) || words >> more) {
    throw DataError(where + ": expected two node numbers, as in '0 3', not '" + line + "'");
  }
  const auto number = [&](const std::string& text) {
    std::uint64_t node = nodes;
    try {
      node = parse_whole(text, where);
    } catch (const ConfigError& error) {
      throw DataError(error.what());
    }
    if (node < nodes) return static_cast<WorkerId>(node);
    throw DataError(where + ": there is no node " + text + "; nodes are 0 to " +
                    std::to_string(nodes - 1) + ", as many as fleet.workers");
  };
  const std::pair edge(number(from), number(to));
  if (edge.first == edge.second) {
    throw DataError(where + ": node " + from + " is no neighbour of itself; leave the line out");
  }
  return edge;
}

}  // namespace

Edges read_edges(const std::string& path, std::uint32_t nodes) {
  std::ifstream file = open_to_read(path, "the list of edges");
  Edges edges;
  std::string line;
  for (std::size_t number = 1; std::getline(file, line); ++number) {
    line.resize(std::min(line.size(), line.find('#')));
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    edges.push_back(edge_of(line, nodes, path + ", line " + std::to_string(number)));
  }
  return edges;
}

}  // namespace syncline
