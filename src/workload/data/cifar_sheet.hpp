#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace syncline {

/// Converts a PNG sheet of 32 x 32 pictures (1024 pixels wide, RGB, one picture a row, pixel
/// y * 32 + x) with one label a row into records of CIFAR-10's binary layout: label, then all red,
/// green, blue values. The sheet must have exactly labels.size() rows. Throws DataError.
[[nodiscard]] std::vector<std::uint8_t> records_from_sheet(const std::filesystem::path& png,
                                                           std::span<const std::uint8_t> labels);

/// Reads a JSON list of `count` classes 0 to 9. Throws DataError.
[[nodiscard]] std::vector<std::uint8_t> read_label_list(const std::filesystem::path& json,
                                                        std::size_t count);

}  // namespace syncline
