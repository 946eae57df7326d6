#pragma once

#include <filesystem>
#include <vector>

#include "syncline/dataset.hpp"

namespace syncline {

/// Reads samples without labels from a .npy file: uint8 (kept as bytes), float32 or float64 (kept
/// as float; every value must be finite), with the shapes of set_shape. Throws DataError.
[[nodiscard]] Samples read_npy_samples(const std::filesystem::path& path);

/// Reads labels from a one-dimensional .npy file of uint8, int32 or int64, each in
/// 0..most_classes-1. Throws DataError.
[[nodiscard]] std::vector<std::int32_t> read_npy_labels(const std::filesystem::path& path);

}  // namespace syncline
