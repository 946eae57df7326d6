#include "workload/data/cifar.hpp"

#include <doctest/doctest.h>

#include "hostile_files.hpp"

namespace syncline {
namespace {

using testing::Bytes;
using testing::TemporaryFolder;

Bytes records(std::size_t count) {
  Bytes file(count * cifar_record);
  for (std::size_t i = 0; i < file.size(); ++i) file[i] = static_cast<std::uint8_t>(i * 7 + i / 5);
  for (std::size_t i = 0; i < count; ++i) {
    file[i * cifar_record] = static_cast<std::uint8_t>((3 * i) % 10);
  }
  return file;
}

TEST_CASE("CIFAR record is a label and three planes") {
  const TemporaryFolder folder;
  const Bytes file = records(3);
  Samples samples;
  append_cifar_file(folder.write("a", file), 3, samples);
  append_cifar_file(folder.write("b", file), 3, samples);
  CHECK(samples.count == 6);
  CHECK(samples.channels == 3);
  CHECK(samples.height == 32);
  CHECK(samples.width == 32);
  CHECK(samples.labels == std::vector<std::int32_t>{0, 3, 6, 0, 3, 6});
  REQUIRE(samples.bytes.size() == 6 * cifar_pixels);
  for (std::size_t i = 0; i < 6; ++i) {
    for (std::size_t j = 0; j < cifar_pixels; ++j) {
      REQUIRE(samples.bytes[i * cifar_pixels + j] == file[(i % 3) * cifar_record + 1 + j]);
    }
  }
}

TEST_CASE("CIFAR file, cut at every byte or too long, is refused") {
  testing::check_every_length(records(1), [](const auto& path) {
    Samples samples;
    append_cifar_file(path, 1, samples);
  });
}

TEST_CASE("CIFAR file, any byte changed, is refused if that makes no label, and else read") {
  const TemporaryFolder folder;
  const Bytes whole = records(2);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    for (const std::uint8_t byte : {0, 9, 10, 0x1f, 0xff}) {
      Bytes changed = whole;
      changed[i] = byte;
      CAPTURE(i);
      CAPTURE(byte);
      const auto path = folder.write("changed", changed);
      Samples samples;
      const auto message = testing::data_error_of([&] { append_cifar_file(path, 2, samples); });
      REQUIRE(message.empty() == (i % cifar_record != 0 || byte < 10));
      if (message.empty()) continue;
      REQUIRE(message.find(path.string()) != std::string::npos);
    }
  }
}

TEST_CASE("CIFAR label above 9 is refused with its byte") {
  const TemporaryFolder folder;
  Bytes file = records(2);
  file[cifar_record] = 10;
  const auto path = folder.write("bad", file);
  Samples samples;
  const auto message = testing::data_error_of([&] { append_cifar_file(path, 2, samples); });
  CHECK(message.find("class 10") != std::string::npos);
  CHECK(message.find("at byte 3073") != std::string::npos);
}

TEST_CASE("grey value is 0.2989 R + 0.5870 G + 0.1140 B of the same pixel") {
  const TemporaryFolder folder;
  Dataset colour;
  colour.classes = 10;
  append_cifar_file(folder.write("a", records(4)), 4, colour.train);
  append_cifar_file(folder.write("a", records(2)), 2, colour.test);
  const Dataset grey = to_grey(colour);
  CHECK(grey.features() == 1024);
  CHECK(grey.train.labels == colour.train.labels);
  double sum = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = 0; j < 1024; ++j) {
      const std::uint8_t* pixel = colour.train.bytes.data() + i * cifar_pixels + j;
      const double expected = 0.2989 * pixel[0] + 0.5870 * pixel[1024] + 0.1140 * pixel[2048];
      REQUIRE(grey.train.values[i * 1024 + j] == doctest::Approx(expected).epsilon(1e-6));
      sum += expected;
    }
  }
  CHECK(grey.mean[0] == doctest::Approx(sum / 4096));
}

}  // namespace
}  // namespace syncline
