#pragma once

#include <nlohmann/json_fwd.hpp>

#include "fleet/decentralised/decentralised_result.hpp"

namespace syncline {

/// The member `nodes` of a document: what a run without a server has that others don't.
[[nodiscard]] nlohmann::ordered_json nodes_json(const DecentralisedResult& result);

}  // namespace syncline
