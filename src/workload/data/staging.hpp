#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace syncline {

/// A fresh folder inside the place where files shall end up, on the same file system, so that
/// putting them in place is a rename. Removed with all it holds when the object dies: whatever goes
/// wrong, nothing half-done is left. What a killed process left is removed by the next one.
class Staging {
 public:
  /// Makes `target` and the fresh folder, and removes those that no living process holds. Throws
  /// DataError if they can't be made.
  explicit Staging(std::filesystem::path target);
  ~Staging();
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

  /// Syncs the named files to disk, then renames each into the target folder. Throws DataError.
  void commit(std::span<const std::string> files) const;

 private:
  std::filesystem::path target_;
  std::filesystem::path folder_;
  int lock_ = -1;  ///< of the fresh folder: a process that is killed lets go
};

/// Writes a whole file. Throws DataError (disk full, no permission).
void write_file(const std::filesystem::path& path, std::span<const std::uint8_t> bytes);

}  // namespace syncline
