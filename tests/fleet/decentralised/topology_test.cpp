// Graphs: as they should be, or refused.

#include <algorithm>
#include <fstream>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "fleet/decentralised/graph.hpp"
#include "support/temporary_folder.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

/// Symmetric, ascending, without loops, connected.
bool sound(const Topology& topology) {
  for (WorkerId i = 0; i < topology.nodes(); ++i) {
    const auto& list = topology.neighbours[i];
    if (!std::is_sorted(list.begin(), list.end())) return false;
    if (std::adjacent_find(list.begin(), list.end()) != list.end()) return false;
    for (const WorkerId j : list) {
      const auto& back = topology.neighbours[j];
      if (j == i || !std::binary_search(back.begin(), back.end(), i)) return false;
    }
  }
  return cut_off(topology) == topology.nodes();
}

bool regular(const Topology& topology, std::uint64_t degree) {
  return std::all_of(topology.neighbours.begin(), topology.neighbours.end(),
                     [&](const auto& list) { return list.size() == degree; });
}

TEST_CASE("rings, tori and complete graphs have the degrees that they should") {
  CHECK(rc::check([] {
    const auto nodes = *rc::gen::inRange<std::uint32_t>(3, 40);
    const Topology ring = make_topology("ring", nodes);
    RC_ASSERT(sound(ring) && regular(ring, 2));
    const Topology complete = make_topology("complete", nodes);
    RC_ASSERT(sound(complete) && regular(complete, nodes - 1));
    const auto rows = *rc::gen::inRange<std::uint32_t>(3, 7);
    const auto columns = *rc::gen::inRange<std::uint32_t>(3, 7);
    const Topology torus = make_topology(
        "torus(" + std::to_string(rows) + ", " + std::to_string(columns) + ")", rows * columns);
    RC_ASSERT(torus.nodes() == rows * columns && sound(torus) && regular(torus, 4));
  }));
  CHECK(regular(make_topology("ring", 2), 1));
  CHECK(regular(make_topology("torus(rows=2, columns=3)", 6), 3));
  CHECK(make_topology("torus(rows=3, columns=4)", 12).neighbours[5] ==
        std::vector<WorkerId>{1, 4, 6, 9});
}

TEST_CASE("a random graph is redrawn until all have enough neighbours, by its seed alone") {
  CHECK(rc::check([] {
    const std::string text =
        "random(p=0.5, seed=" + std::to_string(*rc::gen::inRange(0, 1000000)) + ")";
    const auto least = *rc::gen::inRange<std::uint64_t>(1, 6);
    const Topology topology = make_topology(text, 20, least);
    RC_ASSERT(sound(topology));
    for (WorkerId node = 0; node < 20; ++node) RC_ASSERT(topology.degree(node) >= least);
    RC_ASSERT(topology.neighbours == make_topology(text, 20, least).neighbours);
  }));
}

std::string refusal(const std::string& text, std::uint32_t nodes, std::uint64_t least = 1) {
  try {
    static_cast<void>(make_topology(text, nodes, least));
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST_CASE("too few neighbours are refused, with the node and what it needs") {
  CHECK(refusal("ring", 8, 5).find("node 0 has 2 neighbours, and every node needs 5") !=
        std::string::npos);
  CHECK(refusal("complete", 5, 5).find("node 0 has 4 neighbours") != std::string::npos);
  CHECK(refusal("random(p=0.1)", 10, 8).find("at least 8 neighbours each in 111111 tries") !=
        std::string::npos);
  CHECK(refusal("complete", 6, 5).empty());
}

TEST_CASE("wrong topologies are refused") {
  CHECK(refusal("star", 8).find("unknown topology 'star'") != std::string::npos);
  CHECK(refusal("torus(rows=3, columns=3)", 8).find("number of nodes, 8") != std::string::npos);
  CHECK(refusal("random(p=1.5)", 8).find("probability") != std::string::npos);
  CHECK(refusal("ring", 1).find("at least 2 nodes") != std::string::npos);
}

TEST_CASE("a list of edges is read, or refused with its line") {
  const testing::TemporaryFolder folder;
  const std::string path = (folder.path() / "edges.txt").string();
  const auto with = [&](const std::string& text) {
    std::ofstream(path) << text;
    return refusal("edges(file=" + path + ")", 4);
  };
  CHECK(with("# a path\n0 1\n\n2 1 # back\r\n2 3\n1 0\n").empty());
  const Topology path_graph = make_topology("edges(file=" + path + ")", 4);
  CHECK(path_graph.neighbours == std::vector<std::vector<WorkerId>>{{1}, {0, 2}, {1, 3}, {2}});
  CHECK(with("0 1\n2 4\n").find("line 2: there is no node 4") != std::string::npos);
  CHECK(with("0 1\n2\n").find("line 2: expected two node numbers") != std::string::npos);
  CHECK(with("0 x\n").find("line 1") != std::string::npos);
  CHECK(with("1 1\n").find("no neighbour of itself") != std::string::npos);
  CHECK(with("0 1\n2 3\n").find("no path leads from node 0 to node 2") != std::string::npos);
  CHECK(refusal("edges(file=/nowhere/edges)", 4).find("can't open the list of edges") !=
        std::string::npos);
}

}  // namespace
}  // namespace syncline
