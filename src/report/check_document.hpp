#pragma once

#include <nlohmann/json_fwd.hpp>

namespace syncline {

// Each throws DataError unless the document has every member that the page or the table reads, with
// the right type; the message has the member's path, such as settings[0].policies[2].updates.

/// A document of any kind: race, run, plan or fit.
void check_document(const nlohmann::ordered_json& document);

/// A race or a run, and the plan in it if there is one.
void check_race(const nlohmann::ordered_json& document);

/// The graph and the ends of a run without a server; indices of nodes are below `workers`.
void check_nodes(const nlohmann::ordered_json& nodes, const nlohmann::ordered_json& workers);

void check_plan(const nlohmann::ordered_json& document);
void check_fit(const nlohmann::ordered_json& document);

}  // namespace syncline
