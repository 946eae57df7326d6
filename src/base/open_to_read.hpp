#pragma once

#include <filesystem>
#include <fstream>
#include <string>

namespace syncline {

/// Opens a file to be read from its beginning. Throws DataError, "can't open WHAT 'PATH': " and
/// why.
[[nodiscard]] std::ifstream open_to_read(const std::filesystem::path& path,
                                         const std::string& what);

}  // namespace syncline
