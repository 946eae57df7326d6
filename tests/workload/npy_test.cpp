#include "workload/data/npy.hpp"

#include <cmath>
#include <cstring>
#include <limits>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "hostile_files.hpp"
#include "syncline/dataset.hpp"

namespace syncline {
namespace {

using testing::Bytes;
using testing::TemporaryFolder;

/// A .npy file as numpy.lib.format writes it: the header ends in a newline and is padded so that
/// the data starts at a multiple of 64.
template <class Element>
Bytes npy_file(const std::string& type, const std::string& shape, const std::vector<Element>& data,
               int version = 1, const std::string& order = "False") {
  std::string header =
      "{'descr': '" + type + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }";
  const std::size_t prefix = version == 1 ? 10 : 12;
  header.append(63 - (prefix + header.size()) % 64, ' ');
  header += '\n';
  Bytes file = {0x93, 'N', 'U', 'M', 'P', 'Y', static_cast<std::uint8_t>(version), 0};
  for (std::size_t i = 0; i < prefix - 8; ++i) {
    file.push_back(static_cast<std::uint8_t>(header.size() >> (8 * i)));
  }
  file.insert(file.end(), header.begin(), header.end());
  const std::size_t start = file.size();
  file.resize(start + data.size() * sizeof(Element));
  std::memcpy(file.data() + start, data.data(), data.size() * sizeof(Element));
  return file;
}

TEST_CASE("npy samples, any finite floats, come back unchanged in every version") {
  CHECK(rc::check("float32 round trip", [] {
    const auto rows = *rc::gen::inRange<std::size_t>(1, 6);
    const auto columns = *rc::gen::inRange<std::size_t>(1, 6);
    const auto values = *rc::gen::container<std::vector<float>>(
        rows * columns,
        rc::gen::suchThat(rc::gen::arbitrary<float>(), [](float x) { return std::isfinite(x); }));
    const auto version = *rc::gen::inRange(1, 4);
    const TemporaryFolder folder;
    const std::string shape = "(" + std::to_string(rows) + ", " + std::to_string(columns) + ")";
    const Samples samples =
        read_npy_samples(folder.write("x.npy", npy_file("<f4", shape, values, version)));
    RC_ASSERT(samples.count == rows);
    RC_ASSERT(samples.channels == 1U);
    RC_ASSERT(samples.height == 1U);
    RC_ASSERT(samples.width == columns);
    RC_ASSERT(samples.values == values);
  }));
}

TEST_CASE("npy labels, any valid classes, come back unchanged in every type") {
  CHECK(rc::check("label round trip", [] {
    const auto labels =
        *rc::gen::nonEmpty(rc::gen::container<std::vector<std::int32_t>>(rc::gen::inRange(0, 256)));
    const TemporaryFolder folder;
    const std::string shape = "(" + std::to_string(labels.size()) + ",)";
    const auto read = [&](const Bytes& file) {
      return read_npy_labels(folder.write("y.npy", file));
    };
    RC_ASSERT(read(npy_file("<i4", shape, labels)) == labels);
    RC_ASSERT(read(npy_file("<i8", shape,
                            std::vector<std::int64_t>(labels.begin(), labels.end()))) == labels);
    RC_ASSERT(read(npy_file("|u1", shape, Bytes(labels.begin(), labels.end()))) == labels);
  }));
}

TEST_CASE("npy samples of uint8 and float64, three and four dimensions, have the right shape") {
  const TemporaryFolder folder;
  const Bytes bytes(2 * 3 * 4, 9);
  const Samples three = read_npy_samples(folder.write("x", npy_file("|u1", "(2, 3, 4)", bytes)));
  CHECK(three.bytes == bytes);
  CHECK(three.channels == 1);
  CHECK(three.height == 3);
  CHECK(three.width == 4);
  const std::vector<double> doubles(2 * 3 * 4 * 5, 0.1);
  const Samples four =
      read_npy_samples(folder.write("x", npy_file("<f8", "(2, 3, 4, 5)", doubles)));
  CHECK(four.values == std::vector<float>(120, 0.1F));
  CHECK(four.channels == 3);
  CHECK(four.height == 4);
  CHECK(four.width == 5);
}

TEST_CASE("npy file, cut at every byte or too long, is refused") {
  const auto samples = [](const auto& path) { return read_npy_samples(path); };
  const auto labels = [](const auto& path) { return read_npy_labels(path); };
  testing::check_every_length(npy_file("<f4", "(2, 2)", std::vector<float>{1, 2, 3, 4}), samples);
  testing::check_every_length(npy_file("|u1", "(2, 2)", Bytes{1, 2, 3, 4}, 3), samples);
  testing::check_every_length(npy_file("<i8", "(2,)", std::vector<std::int64_t>{0, 1}), labels);
}

TEST_CASE("npy file, any header byte changed, is refused or read but never more") {
  const Bytes file = npy_file("<f4", "(2, 2)", std::vector<float>{1, 2, 3, 4});
  const auto read = [](const auto& path) { return read_npy_samples(path); };
  CHECK(testing::check_every_header_byte(file, file.size() - 16, read) > 0);
}

TEST_CASE("npy content that can't be used is refused with its place") {
  const TemporaryFolder folder;
  const auto samples = [&](const Bytes& file) {
    return testing::data_error_of([&] { return read_npy_samples(folder.write("x.npy", file)); });
  };
  const auto labels = [&](const Bytes& file) {
    return testing::data_error_of([&] { return read_npy_labels(folder.write("y.npy", file)); });
  };
  const std::vector<float> four = {1, 2, 3, 4};
  const float nan = std::numeric_limits<float>::quiet_NaN();
  CHECK(samples(npy_file("<f4", "(2, 2)", four, 1, "True")).find("Fortran") != std::string::npos);
  CHECK(samples(npy_file(">f4", "(2, 2)", four)).find("'>f4'") != std::string::npos);
  CHECK(samples(npy_file("<f4", "(4,)", four)).find("shape") != std::string::npos);
  CHECK(samples(npy_file("<f4", "(0, 4)", four)).find("shape") != std::string::npos);
  CHECK(samples(npy_file("<f4", "(2, 2)", four, 4)).find("version 4") != std::string::npos);
  CHECK(samples(npy_file("<f4", "(4611686018427387904, 4)", four)).find("does not fit") !=
        std::string::npos);
  CHECK(samples(npy_file("<f4", "(2, 2)", std::vector<float>{1, nan, 3, 4}))
            .find("value 1 is not a finite float (at byte 132)") != std::string::npos);
  CHECK(samples(npy_file("<f8", "(1, 1)", std::vector<double>{1e300})).find("finite") !=
        std::string::npos);
  CHECK(labels(npy_file("<i8", "(2,)", std::vector<std::int64_t>{0, -1})).find("label -1") !=
        std::string::npos);
  CHECK(labels(npy_file("<i4", "(1,)", std::vector<std::int32_t>{65536})).find("label 65536") !=
        std::string::npos);
  CHECK(labels(npy_file("<i4", "(1, 1)", std::vector<std::int32_t>{1})).find("dimension") !=
        std::string::npos);
}

TEST_CASE("npy pairs become a data set with measured normalisation") {
  const TemporaryFolder folder;
  const auto x = folder.write("x.npy", npy_file("<f4", "(2, 2)", std::vector<float>{1, 3, 5, 7}));
  const auto y = folder.write("y.npy", npy_file("|u1", "(2,)", Bytes{0, 1}));
  const auto data = load_dataset("npy(train_x=" + x.string() + ", train_y=" + y.string() +
                                     ", test_x=" + x.string() + ", test_y=" + y.string() + ")",
                                 "");
  CHECK(data->classes == 2);
  CHECK(data->mean == std::vector<float>{4});
  CHECK(data->deviation[0] == doctest::Approx(std::sqrt(5.0)));
}

}  // namespace
}  // namespace syncline
