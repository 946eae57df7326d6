#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "workload/data/byte_reader.hpp"

namespace syncline {

/// What the header of a NumPy .npy file says.
struct NpyHeader {
  std::string type;  ///< numpy's descr: "|u1", "<f4", "<i8", ...
  std::vector<std::size_t> shape;
};

/// Reads the header of .npy format version 1, 2 or 3 (numpy.lib.format), leaving the reader at the
/// first byte of data. Throws DataError, also for Fortran order.
[[nodiscard]] NpyHeader read_npy_header(ByteReader& reader);

}  // namespace syncline
