#include <nlohmann/json.hpp>

#include "report/check_document.hpp"
#include "report/document_members.hpp"

namespace syncline {
namespace {

using Json = nlohmann::ordered_json;

using Kind = MemberKind;
using Null = MemberNull;

constexpr DocumentMembers check("race document",
                                "write it with `syncline train --json` (schema 1)");

void check_node(const Json& node, const std::string& path, const Json& workers) {
  check.value(node, path, Kind::number, Null::no);
  if (!node.is_number_integer() || node < 0 || node >= workers) {
    check.reject(path, "is " + node.dump() + " where there are " + workers.dump() +
                           " nodes, numbered from 0");
  }
}

/// How each node ended; documents of version 0.1.0 don't say.
void check_final(const Json& final, const Json& workers) {
  check.value(final, "nodes.final", Kind::list, Null::allowed);
  if (final.is_null()) return;
  if (final.size() != workers) {
    check.reject("nodes.final", "has " + std::to_string(final.size()) + " values where there are " +
                                    workers.dump() + " nodes");
  }
  for (std::size_t i = 0; i < final.size(); ++i) {
    if (final[i].is_null()) continue;
    check.members(
        final[i], DocumentMembers::at("nodes.final", i),
        {{"test_error", Kind::number, Null::allowed}, {"test_loss", Kind::number, Null::allowed}});
  }
}

}  // namespace

void check_nodes(const Json& nodes, const Json& workers) {
  check.members(nodes, "nodes", {{"edges", Kind::list}, {"faulty", Kind::list}});
  check.each(nodes, "nodes", "edges", [&](const Json& edge, const std::string& path) {
    check.tuple(edge, path, 2);
    for (std::size_t i = 0; i < 2; ++i) check_node(edge[i], DocumentMembers::at(path, i), workers);
  });
  check.each(nodes, "nodes", "faulty",
             [&](const Json& node, const std::string& path) { check_node(node, path, workers); });
  const auto final = nodes.find("final");
  if (final != nodes.end()) check_final(*final, workers);
}

}  // namespace syncline
