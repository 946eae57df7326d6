// The graph of a run without a server: what its page lets through, and what it refuses.

#include <doctest/doctest.h>

#include "report/page_data.hpp"
#include "report/sample_document.hpp"

namespace syncline {
namespace {

using Json = nlohmann::ordered_json;
using test::complaint;
using test::data_of;

/// The sample with 8 nodes on a ring, node 3 faulty.
Json on_a_ring() {
  Json document = test::sample_document(3);
  Json edges = Json::array(), final = Json::array();
  for (int node = 0; node < 8; ++node) {
    edges.push_back({node, (node + 1) % 8});
    final.push_back(node == 3 ? Json(nullptr)
                              : Json{{"test_error", 0.1 + 1e-9}, {"test_loss", nullptr}});
  }
  document["nodes"] = {{"edges", edges},
                       {"faulty", {3}},
                       {"final", final},
                       {"worst", Json::array({{{"time", 0}, {"node", 2}}})},
                       {"final_worst", nullptr}};
  return document;
}

TEST_CASE("report: nodes without a server, rendered, keep graph, faults and ends, rounded") {
  const Json document = on_a_ring();
  const Json nodes = Json::parse(data_of(render_report(document))).at("nodes");
  CHECK(nodes.at("edges") == document.at("nodes").at("edges"));
  CHECK(nodes.at("faulty") == document.at("nodes").at("faulty"));
  CHECK(nodes.at("final").at(3).is_null());
  CHECK(nodes.at("final").at(2).at("test_error") == 0.1);
  // No chart shows how they got there.
  CHECK_FALSE(nodes.contains("worst"));
}

TEST_CASE("report: nodes of an earlier version, without their ends, are shown all the same") {
  Json document = on_a_ring();
  document["nodes"].erase("final");
  CHECK(complaint(document).empty());
  document["nodes"]["final"] = nullptr;
  CHECK(complaint(document).empty());
}

TEST_CASE("report: more edges than can be told apart are counted, and left out") {
  const auto complete = [](int count) {
    Json document = on_a_ring();
    document["workers"] = count;
    document["nodes"] = {{"edges", Json::array()}, {"faulty", Json::array()}};
    for (int i = 0; i < count; ++i) {
      for (int j = 0; j < i; ++j) document["nodes"]["edges"].push_back({j, i});
    }
    return Json::parse(data_of(render_report(document))).at("nodes");
  };
  CHECK(complete(89).at("edges").size() == 89 * 88 / 2);  // 3,916
  CHECK_FALSE(complete(89).contains("edge_count"));
  CHECK(complete(90).at("edges").is_null());
  CHECK(complete(90).at("edge_count") == 90 * 89 / 2);  // 4,005
  // This one would be larger than any page.
  CHECK(complete(700).at("edges").is_null());
}

TEST_CASE("report: nodes that the page could not draw are refused with what is wrong") {
  const auto with = [](auto change) {
    Json document = on_a_ring();
    change(document["nodes"]);
    return complaint(document);
  };
  CHECK(with([](Json& nodes) { nodes.erase("edges"); }).find("'nodes.edges' is missing") !=
        std::string::npos);
  CHECK(with([](Json& nodes) { nodes.erase("faulty"); }).find("'nodes.faulty' is missing") !=
        std::string::npos);
  CHECK(with([](Json& nodes) {
          nodes["edges"][2] = {1, 2, 3};
        }).find("'nodes.edges[2]' does not have 2 values") != std::string::npos);
  for (const Json& node : {Json(8), Json(-1), Json(0.5)}) {
    CHECK(with([&](Json& nodes) {
            nodes["edges"][1][1] = node;
          }).find("'nodes.edges[1][1]' is " + node.dump() + " where there are 8 nodes") !=
          std::string::npos);
    CHECK(with([&](Json& nodes) { nodes["faulty"][0] = node; }).find("'nodes.faulty[0]' is") !=
          std::string::npos);
  }
  CHECK(with([](Json& nodes) {
          nodes["final"].erase(0);
        }).find("'nodes.final' has 7 values where there are 8 nodes") != std::string::npos);
  CHECK(with([](Json& nodes) {
          nodes["final"][5].erase("test_loss");
        }).find("'nodes.final[5].test_loss' is missing") != std::string::npos);
}

}  // namespace
}  // namespace syncline
