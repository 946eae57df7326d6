#pragma once

#include <filesystem>

#include "syncline/dataset.hpp"

namespace syncline {

/// The four files of a user's own data.
struct NpyFiles {
  std::filesystem::path train_x, train_y, test_x, test_y;
};

/// Reads both splits and measures the normalisation of each channel. Leaves the name to the caller.
/// Throws DataError.
[[nodiscard]] Dataset read_npy_pairs(const NpyFiles& files);

}  // namespace syncline
