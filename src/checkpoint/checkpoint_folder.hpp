#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/file_lock.hpp"
#include "workload/safetensors/safetensors_file.hpp"

namespace syncline {

/// A folder to which a run writes its checkpoints, each a folder of its own with the next number as
/// its name (docs/checkpoint.md): whole or not there at all. The last ones are kept. One process
/// at a time may write to it. Not thread-safe.
class CheckpointFolder {
 public:
  /// Makes the folder, and removes what a killed process has left half-written. Throws DataError if
  /// it can't be written to, or if another process writes to it.
  CheckpointFolder(std::filesystem::path path, std::uint32_t keep);

  /// Writes the next checkpoint, then removes those that need not be kept. Returns its folder.
  /// Throws DataError; then the earlier ones are as they were.
  template <class Real>
  std::filesystem::path write(const nlohmann::json& state,
                              std::span<const NamedVector<Real>> vectors);

 private:
  [[nodiscard]] std::filesystem::path draft() const;
  std::filesystem::path publish(const std::filesystem::path& draft);
  void prune() const;

  std::filesystem::path path_;
  std::uint32_t keep_;
  FileLock lock_;
};

/// The checkpoints of a folder, the newest first; the folder itself if it is one. Empty if there
/// are none.
[[nodiscard]] std::vector<std::filesystem::path> checkpoints_in(const std::filesystem::path& path);

}  // namespace syncline
