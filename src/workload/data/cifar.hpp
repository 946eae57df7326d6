#pragma once

#include <array>
#include <cstddef>
#include <filesystem>

#include "syncline/dataset.hpp"

namespace syncline {

inline constexpr std::size_t cifar_pixels = 3 * 32 * 32;
inline constexpr std::size_t cifar_record = 1 + cifar_pixels;  ///< label, then planes R, G, B
inline constexpr std::size_t cifar_file_records = 10000;
inline constexpr std::array<const char*, 6> cifar_files = {"data_batch_1.bin", "data_batch_2.bin",
                                                           "data_batch_3.bin", "data_batch_4.bin",
                                                           "data_batch_5.bin", "test_batch.bin"};

/// Appends the records of one file in CIFAR-10's official binary layout to `samples` (which must be
/// empty or hold such records). The file must hold exactly `records` records with labels 0 to 9.
/// Throws DataError.
void append_cifar_file(const std::filesystem::path& path, std::size_t records, Samples& samples);

/// Reads the five training files and the test file of a folder, with CIFAR-10's normalisation.
[[nodiscard]] Dataset read_cifar_folder(const std::filesystem::path& folder);

/// Grey values 0.2989 R + 0.5870 G + 0.1140 B in 0..255, one channel (paper.md section 6), with the
/// normalisation measured on them.
[[nodiscard]] Dataset to_grey(const Dataset& colour);

}  // namespace syncline
