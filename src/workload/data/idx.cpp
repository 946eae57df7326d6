#include "workload/data/idx.hpp"

#include <array>
#include <string>

#include "workload/data/byte_reader.hpp"
#include "workload/data/samples.hpp"

namespace syncline {

IdxArray read_idx(const std::filesystem::path& path) {
  constexpr std::uint8_t unsigned_byte = 0x08;
  ByteReader reader(path);
  std::array<std::uint8_t, 4> magic{};
  reader.read(magic);
  if (magic[0] != 0 || magic[1] != 0) reader.refuse("is no IDX file: it must start with two zeros");
  if (magic[2] != unsigned_byte) {
    reader.refuse("holds IDX type " + std::to_string(magic[2]) +
                  "; only unsigned bytes (type 8) are read");
  }
  if (magic[3] < 1 || magic[3] > 4) {
    reader.refuse("has " + std::to_string(magic[3]) + " dimensions; 1 to 4 are read");
  }

  IdxArray array;
  for (int i = 0; i < magic[3]; ++i) {
    std::array<std::uint8_t, 4> extent{};
    reader.read(extent);
    array.shape.push_back(static_cast<std::size_t>(extent[0]) << 24 | extent[1] << 16 |
                          extent[2] << 8 | extent[3]);
  }
  const auto size = checked_product(array.shape);
  if (!size || *size == 0 || *size > reader.most_left()) {
    reader.refuse("has a header that does not fit the size of the file");
  }
  array.bytes.resize(*size);
  reader.read(array.bytes);
  reader.expect_end();
  return array;
}

}  // namespace syncline
