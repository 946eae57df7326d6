#pragma once

#include <cstdint>
#include <filesystem>

namespace syncline {

/// The last update whose whole record stands in an event log that may be written to just now; 0 if
/// none does. Reads only the end of the file.
[[nodiscard]] std::uint64_t last_logged_update(const std::filesystem::path& log);

}  // namespace syncline
