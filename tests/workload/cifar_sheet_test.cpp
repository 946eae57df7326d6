#include "workload/data/cifar_sheet.hpp"

#include <png.h>

#include <doctest/doctest.h>

#include "support/temporary_folder.hpp"
#include "syncline/error.hpp"
#include "workload/data/cifar.hpp"

namespace syncline {
namespace {

using testing::TemporaryFolder;

std::filesystem::path write_sheet(const TemporaryFolder& folder, std::uint32_t width,
                                  std::uint32_t height, const std::vector<std::uint8_t>& pixels) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = width;
  image.height = height;
  image.format = PNG_FORMAT_RGB;
  const auto path = folder.path() / "sheet.png";
  REQUIRE(png_image_write_to_file(&image, path.c_str(), 0, pixels.data(), 0, nullptr) != 0);
  return path;
}

std::vector<std::uint8_t> sheet_pixels(std::size_t rows) {
  std::vector<std::uint8_t> pixels(rows * cifar_pixels);
  for (std::size_t i = 0; i < pixels.size(); ++i) {
    pixels[i] = static_cast<std::uint8_t>(i * 31 + i / 251);
  }
  return pixels;
}

TEST_CASE("PNG sheet becomes records of a label and three planes") {
  const TemporaryFolder folder;
  const auto pixels = sheet_pixels(3);
  const auto path = write_sheet(folder, 1024, 3, pixels);
  const std::vector<std::uint8_t> labels = {7, 0, 9};
  const auto records = records_from_sheet(path, labels);
  REQUIRE(records.size() == 3 * cifar_record);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(records[i * cifar_record] == labels[i]);
    for (std::size_t pixel = 0; pixel < 1024; ++pixel) {
      for (std::size_t channel = 0; channel < 3; ++channel) {
        REQUIRE(records[i * cifar_record + 1 + channel * 1024 + pixel] ==
                pixels[(i * 1024 + pixel) * 3 + channel]);
      }
    }
  }
}

TEST_CASE("PNG sheet of the wrong size, cut short, or no PNG is refused") {
  const TemporaryFolder folder;
  const std::vector<std::uint8_t> labels = {7, 0, 9};
  CHECK_THROWS_WITH_AS(records_from_sheet(write_sheet(folder, 1024, 2, sheet_pixels(2)), labels),
                       doctest::Contains("1024 x 2"), DataError);
  CHECK_THROWS_WITH_AS(records_from_sheet(write_sheet(folder, 512, 3, sheet_pixels(3)), labels),
                       doctest::Contains("512 x 3"), DataError);
  const auto path = write_sheet(folder, 1024, 3, sheet_pixels(3));
  std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
  CHECK_THROWS_AS(records_from_sheet(path, labels), DataError);
  CHECK_THROWS_AS(records_from_sheet(folder.write("text", labels), labels), DataError);
  CHECK_THROWS_AS(records_from_sheet(folder.path() / "none", labels), DataError);
}

TEST_CASE("label list is read, and anything else refused") {
  const TemporaryFolder folder;
  const auto read = [&](const std::string& text, std::size_t count) {
    const std::vector<std::uint8_t> bytes(text.begin(), text.end());
    return read_label_list(folder.write("labels.json", bytes), count);
  };
  CHECK(read("[3, 0, 9]", 3) == std::vector<std::uint8_t>{3, 0, 9});
  for (const char* text :
       {"[3, 0]", "[3, 0, 10]", "[3, 0, -1]", "[3, 0, 1.5]", "{}", "[3, 0", ""}) {
    CAPTURE(text);
    CHECK_THROWS_AS(read(text, 3), DataError);
  }
  CHECK_THROWS_AS(read_label_list(folder.path() / "none", 3), DataError);
}

}  // namespace
}  // namespace syncline
