#include "workload/data/npy.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <string>

#include "workload/data/byte_reader.hpp"
#include "workload/data/data_error.hpp"
#include "workload/data/npy_header.hpp"
#include "workload/data/samples.hpp"

namespace syncline {
namespace {

static_assert(std::endian::native == std::endian::little, ".npy data is read as it lies");

/// The number of elements, once the header is known to fit the file exactly.
std::size_t element_count(const ByteReader& reader, const NpyHeader& header,
                          std::size_t element_size) {
  const auto count = checked_product(header.shape);
  std::size_t bytes = 0;
  if (!count || *count == 0 || __builtin_mul_overflow(*count, element_size, &bytes) ||
      bytes > reader.most_left()) {
    reader.refuse("has a header that does not fit the size of the file");
  }
  return *count;
}

/// Hands every element to `use(element, index, offset)`, unpacking in pieces so that float64 data
/// is never in memory twice.
template <class Element, class Use>
void read_elements(ByteReader& reader, std::size_t count, Use&& use) {
  std::vector<Element> piece(std::min<std::size_t>(count, 1 << 16));
  for (std::size_t done = 0; done < count; done += piece.size()) {
    piece.resize(std::min(piece.size(), count - done));
    const std::uint64_t start = reader.offset();
    reader.read({reinterpret_cast<std::uint8_t*>(piece.data()), piece.size() * sizeof(Element)});
    for (std::size_t i = 0; i < piece.size(); ++i) {
      use(piece[i], done + i, start + i * sizeof(Element));
    }
  }
  reader.expect_end();
}

template <class Element>
std::vector<float> read_values(ByteReader& reader, const NpyHeader& header) {
  std::vector<float> values(element_count(reader, header, sizeof(Element)));
  read_elements<Element>(
      reader, values.size(), [&](Element element, std::size_t i, std::uint64_t offset) {
        values[i] = static_cast<float>(element);
        if (std::isfinite(values[i])) return;
        throw data_error(reader.path(), "value " + std::to_string(i) + " is not a finite float",
                         offset);
      });
  return values;
}

template <class Element>
std::vector<std::int32_t> read_classes(ByteReader& reader, const NpyHeader& header) {
  std::vector<std::int32_t> labels(element_count(reader, header, sizeof(Element)));
  read_elements<Element>(
      reader, labels.size(), [&](Element element, std::size_t i, std::uint64_t offset) {
        const auto label = static_cast<std::int64_t>(element);
        if (label < 0 || label >= most_classes) {
          throw data_error(reader.path(),
                           "label " + std::to_string(label) + " of sample " + std::to_string(i) +
                               " is not 0 to " + std::to_string(most_classes - 1),
                           offset);
        }
        labels[i] = static_cast<std::int32_t>(label);
      });
  return labels;
}

}  // namespace

Samples read_npy_samples(const std::filesystem::path& path) {
  ByteReader reader(path);
  const NpyHeader header = read_npy_header(reader);
  Samples samples;
  if (!set_shape(samples, header.shape)) {
    reader.refuse(
        "must have the shape n x features, n x height x width or n x channels x height "
        "x width, each at least 1");
  }
  if (header.type == "|u1") {
    samples.bytes.resize(element_count(reader, header, 1));
    reader.read(samples.bytes);
    reader.expect_end();
  } else if (header.type == "<f4") {
    samples.values = read_values<float>(reader, header);
  } else if (header.type == "<f8") {
    samples.values = read_values<double>(reader, header);
  } else {
    reader.refuse("holds numpy type '" + header.type + "'; uint8, float32 and float64 are read");
  }
  return samples;
}

std::vector<std::int32_t> read_npy_labels(const std::filesystem::path& path) {
  ByteReader reader(path);
  const NpyHeader header = read_npy_header(reader);
  if (header.shape.size() != 1) reader.refuse("labels must have one dimension");
  if (header.type == "|u1") return read_classes<std::uint8_t>(reader, header);
  if (header.type == "<i4") return read_classes<std::int32_t>(reader, header);
  if (header.type == "<i8") return read_classes<std::int64_t>(reader, header);
  reader.refuse("holds numpy type '" + header.type + "'; uint8, int32 and int64 are read");
}

}  // namespace syncline
