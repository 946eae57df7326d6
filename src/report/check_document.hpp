#pragma once

#include <nlohmann/json_fwd.hpp>

namespace syncline {

/// Throws DataError unless `document` has every member that the page and the table read, with the
/// right type; the message has the member's path, such as settings[0].policies[2].updates.
void check_document(const nlohmann::ordered_json& document);

}  // namespace syncline
