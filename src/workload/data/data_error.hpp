#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "syncline/error.hpp"

namespace syncline {

/// The message that every reader gives: which file, what is wrong, and from which byte on.
[[nodiscard]] inline DataError data_error(const std::filesystem::path& path,
                                          const std::string& what, std::uint64_t offset) {
  return DataError(path.string() + ": " + what + " (at byte " + std::to_string(offset) + ")");
}

}  // namespace syncline
