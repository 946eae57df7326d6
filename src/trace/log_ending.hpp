#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace syncline {

/// What to tell whoever uses a log that does not close with its end record, and so may hold only
/// the beginning of its run; nullopt if it does. Throws DataError if it can't be read.
[[nodiscard]] std::optional<std::string> unfinished_log(const std::filesystem::path& log);

}  // namespace syncline
