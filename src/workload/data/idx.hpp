#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace syncline {

/// An array of unsigned bytes from an IDX file, row-major.
struct IdxArray {
  std::vector<std::size_t> shape;
  std::vector<std::uint8_t> bytes;
};

/// Reads an IDX file (LeCun, yann.lecun.com/exdb/mnist: two zero bytes, type, number of dimensions,
/// big-endian extents, data), gzipped or not, of unsigned bytes with 1 to 4 dimensions. The file
/// must have exactly the size that its header says. Throws DataError.
[[nodiscard]] IdxArray read_idx(const std::filesystem::path& path);

}  // namespace syncline
