#include "workload/data/idx.hpp"

#include <doctest/doctest.h>

#include "hostile_files.hpp"
#include "syncline/dataset.hpp"
#include "workload/data/idx_folder.hpp"

namespace syncline {
namespace {

using testing::Bytes;
using testing::TemporaryFolder;

Bytes idx_file(const std::vector<std::uint32_t>& shape, const Bytes& data) {
  Bytes file = {0, 0, 8, static_cast<std::uint8_t>(shape.size())};
  for (const std::uint32_t extent : shape) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      file.push_back(static_cast<std::uint8_t>(extent >> shift));
    }
  }
  file.insert(file.end(), data.begin(), data.end());
  return file;
}

const Bytes two_pictures = {1, 2, 3, 4, 5, 6, 250, 251, 252, 253, 254, 255};

/// Four files of a tiny data set, gzipped where the name ends in .gz.
void write_four(const TemporaryFolder& folder, const std::string& separator,
                const std::string& ending, const Bytes& train_labels, const Bytes& test_labels) {
  const auto write = [&](const std::string& name, const Bytes& bytes) {
    folder.write(name + ending, ending.empty() ? bytes : testing::gzipped(bytes));
  };
  for (const std::string split : {"train", "t10k"}) {
    const Bytes& labels = split == "train" ? train_labels : test_labels;
    write(split + "-images" + separator + "idx3-ubyte", idx_file({2, 2, 3}, two_pictures));
    write(split + "-labels" + separator + "idx1-ubyte",
          idx_file({static_cast<std::uint32_t>(labels.size())}, labels));
  }
}

TEST_CASE("IDX file, raw and gzipped, gives shape and bytes") {
  const TemporaryFolder folder;
  const Bytes raw = idx_file({2, 2, 3}, two_pictures);
  for (const Bytes& file : {raw, testing::gzipped(raw)}) {
    const IdxArray array = read_idx(folder.write("file", file));
    CHECK(array.shape == std::vector<std::size_t>{2, 2, 3});
    CHECK(array.bytes == two_pictures);
  }
}

TEST_CASE("IDX file, cut at every byte or too long, is refused") {
  const Bytes raw = idx_file({2, 2, 3}, two_pictures);
  testing::check_every_length(raw, [](const auto& path) { return read_idx(path); });
  testing::check_every_length(testing::gzipped(raw),
                              [](const auto& path) { return read_idx(path); });
}

TEST_CASE("IDX file, any header byte changed, is refused") {
  const Bytes raw = idx_file({2, 2, 3}, two_pictures);
  const auto read = [](const auto& path) { return read_idx(path); };
  // All but the right value of each byte: no other single byte gives a shape of 12 elements.
  CHECK(testing::check_every_header_byte(raw, 16, read) == 16 * 255);
}

TEST_CASE("gzipped IDX file, any byte changed, is refused or gives the true bytes") {
  const Bytes packed = testing::gzipped(idx_file({2, 2, 3}, two_pictures));
  const auto read = [](const auto& path) {
    const IdxArray array = read_idx(path);
    CHECK(array.bytes == two_pictures);
  };
  CHECK(testing::check_every_header_byte(packed, packed.size(), read) > 0);
}

TEST_CASE("IDX error message names file, fault and byte") {
  const TemporaryFolder folder;
  Bytes raw = idx_file({2, 2, 3}, two_pictures);
  raw[2] = 13;
  const auto path = folder.write("floats", raw);
  const auto message = testing::data_error_of([&] { return read_idx(path); });
  CHECK(message.find(path.string()) != std::string::npos);
  CHECK(message.find("type 13") != std::string::npos);
  CHECK(message.find("at byte 4") != std::string::npos);
}

TEST_CASE("IDX folder, under each usual name, becomes a data set with measured normalisation") {
  for (const std::string separator : {"-", "."}) {
    for (const std::string ending : {"", ".gz"}) {
      const TemporaryFolder folder;
      CHECK_FALSE(has_idx_files(folder.path()));
      write_four(folder, separator, ending, {0, 4}, {4, 2});
      CHECK(has_idx_files(folder.path()));
      const auto data = load_dataset("idx(folder=" + folder.path().string() + ")", "");
      CHECK(data->classes == 5);
      CHECK(data->train.count == 2);
      CHECK(data->train.channels == 1);
      CHECK(data->train.height == 2);
      CHECK(data->train.width == 3);
      CHECK(data->features() == 6);
      CHECK(data->test.labels == std::vector<std::int32_t>{4, 2});
      CHECK(data->mean[0] == doctest::Approx((21 + 1515) / 12.0 / 255));
    }
  }
}

TEST_CASE("IDX folder with contradictions is refused") {
  const auto message = [](const Bytes& train_labels, const Bytes& test_labels) {
    const TemporaryFolder folder;
    write_four(folder, "-", "", train_labels, test_labels);
    return testing::data_error_of([&] { return read_idx_folder(folder.path()); });
  };
  CHECK(message({0, 1, 2}, {0, 1}).find("2 samples but 3 labels") != std::string::npos);
  CHECK(message({0, 1}, {0, 2}).find("test sample 1 has class 2") != std::string::npos);
  CHECK(message({0, 1}, {0, 1}).empty());
}

TEST_CASE("IDX folder without its files is refused by name") {
  const TemporaryFolder folder;
  const auto message = testing::data_error_of([&] { return read_idx_folder(folder.path()); });
  CHECK(message.find("train-images-idx3-ubyte") != std::string::npos);
}

}  // namespace
}  // namespace syncline
