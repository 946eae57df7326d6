#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "workload/safetensors/safetensors_file.hpp"

namespace syncline {

/// Names of the files of a checkpoint.
inline constexpr const char* checkpoint_state_file = "state.json";
inline constexpr const char* checkpoint_vectors_file = "tensors.safetensors";
inline constexpr const char* checkpoint_checksums_file = "SHA256SUMS";
inline constexpr const char* checkpoint_updates_file = "updates";

/// A checkpoint to be read: hostile until its checksums are found right, and what it says is
/// checked even then. Not thread-safe.
class StoredCheckpoint {
 public:
  /// Throws DataError that says what is wrong with which file.
  explicit StoredCheckpoint(const std::filesystem::path& folder);

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  [[nodiscard]] const nlohmann::json& state() const { return state_; }
  /// Throws DataError if there is no such vector, or if it has another length than `vector`.
  template <class Real>
  void read(const std::string& name, std::vector<Real>& vector);

 private:
  void check_sums() const;

  std::filesystem::path folder_;
  nlohmann::json state_;
  SafetensorsFile vectors_;
  std::map<std::string, const SafetensorsFile::Entry*> by_name_;
};

}  // namespace syncline
