#pragma once

#include <filesystem>

#include <nlohmann/json_fwd.hpp>

namespace syncline {

/// Writes JSON to `file`, replacing an older one in one step. Throws DataError if it can't be
/// written; `file` is then unchanged.
void write_document(const std::filesystem::path& file, const nlohmann::ordered_json& document);

}  // namespace syncline
