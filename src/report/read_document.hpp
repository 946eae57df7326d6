#pragma once

#include <filesystem>

#include <nlohmann/json_fwd.hpp>

namespace syncline {

/// The document of a race, a run, a plan or a fit in a file of JSON, or of the run that an event
/// log tells of, checked. Throws DataError with the path and what is wrong.
[[nodiscard]] nlohmann::ordered_json read_document(const std::filesystem::path& path);

}  // namespace syncline
