#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace syncline {

/// A checkpoint as a file: a JSON header and raw blobs, with a checksum over both
/// (docs/checkpoint.md). Written atomically; everything read is hostile until checked.
struct CheckpointFile {
  nlohmann::json header;
  std::vector<std::string> blobs;

  /// Throws DataError.
  void write(const std::filesystem::path& path) const;
  static CheckpointFile read(const std::filesystem::path& path);
};

}  // namespace syncline
