#include "gzipped.hpp"

#include <zlib.h>

#include "input_file.hpp"
#include "target.hpp"

namespace syncline::fuzz {

std::string gzipped(const std::string& bytes) {
  const std::filesystem::path path = own_folder() / "packed";
  gzFile packed = gzopen(path.c_str(), "wb9");
  const int written = gzwrite(packed, bytes.data(), static_cast<unsigned>(bytes.size()));
  promise(gzclose(packed) == Z_OK && written == static_cast<int>(bytes.size()), "gzip writes");
  return testing::read_file(path);
}

}  // namespace syncline::fuzz
