// IDX files of bytes.

#include "workload/data/idx.hpp"

#include <functional>
#include <numeric>

#include "gzipped.hpp"
#include "input_file.hpp"
#include "targets/entries.hpp"

namespace syncline::fuzz {
namespace {

void take(std::string_view input) {
  read_as_file(input, [](const std::filesystem::path& path) {
    const IdxArray array = read_idx(path);
    promise(!array.shape.empty() && array.shape.size() <= 4, "1 to 4 dimensions");
    const std::size_t size = std::accumulate(array.shape.begin(), array.shape.end(), std::size_t{1},
                                             std::multiplies<>());
    promise(size == array.bytes.size() && size > 0, "as many bytes as the shape says");
  });
}

std::vector<std::string> seeds() {
  using namespace std::string_literals;
  const std::string labels = "\0\0\x08\x01\0\0\0\x03\0\x05\x09"s;
  const std::string pictures = "\0\0\x08\x03\0\0\0\x02\0\0\0\x02\0\0\0\x03two pictures"s;
  return {labels, pictures, gzipped(labels), gzipped(pictures)};
}

}  // namespace

const Target idx_target{"idx", "an IDX file", take, seeds};

}  // namespace syncline::fuzz
