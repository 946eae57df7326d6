#pragma once

#include <filesystem>

#include "syncline/dataset.hpp"

namespace syncline {

/// Reads both splits from the four usual IDX files of a folder: {train,t10k}-images-idx3-ubyte and
/// {train,t10k}-labels-idx1-ubyte, with or without `.gz`, also with a dot before `idx` as some
/// archives have them. Sets classes; leaves name, mean and deviation to the caller.
/// Throws DataError.
[[nodiscard]] Dataset read_idx_folder(const std::filesystem::path& folder);

/// Whether the folder has all four files under one of those names.
[[nodiscard]] bool has_idx_files(const std::filesystem::path& folder);

}  // namespace syncline
