#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace syncline {

/// Downloads an https address to `path`, giving up after 5 s without a connection or 30 s without
/// progress, and on more than `most_bytes`. Returns why it failed, or nullopt: no network is an
/// ordinary state of affairs. On failure no file is left. Not thread-safe.
[[nodiscard]] std::optional<std::string> download(const std::string& url,
                                                  const std::filesystem::path& path,
                                                  std::uint64_t most_bytes);

}  // namespace syncline
