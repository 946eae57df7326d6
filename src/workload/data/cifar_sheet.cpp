#include "workload/data/cifar_sheet.hpp"

#include <fstream>
#include <png.h>
#include <string>

#include <nlohmann/json.hpp>

#include "syncline/error.hpp"
#include "workload/data/cifar.hpp"

namespace syncline {
namespace {

constexpr std::size_t picture_area = 32 * 32;

/// libpng's simplified interface: errors come back as values instead of a longjmp over our frames.
class PngImage {
 public:
  explicit PngImage(const std::filesystem::path& path) : path_(path) {
    image_.version = PNG_IMAGE_VERSION;
    if (png_image_begin_read_from_file(&image_, path.c_str()) == 0) throw failure();
  }
  ~PngImage() { png_image_free(&image_); }
  PngImage(const PngImage&) = delete;
  PngImage& operator=(const PngImage&) = delete;

  [[nodiscard]] std::size_t width() const { return image_.width; }
  [[nodiscard]] std::size_t height() const { return image_.height; }

  /// All pixels, R, G, B interleaved. Check the extents first.
  std::vector<std::uint8_t> pixels() {
    image_.format = PNG_FORMAT_RGB;
    std::vector<std::uint8_t> pixels(PNG_IMAGE_SIZE(image_));
    if (png_image_finish_read(&image_, nullptr, pixels.data(), 0, nullptr) == 0) throw failure();
    return pixels;
  }

 private:
  [[nodiscard]] DataError failure() const {
    return DataError(path_.string() + ": is no readable PNG: " + image_.message);
  }

  std::filesystem::path path_;
  png_image image_{};
};

}  // namespace

std::vector<std::uint8_t> records_from_sheet(const std::filesystem::path& png,
                                             std::span<const std::uint8_t> labels) {
  PngImage image(png);
  if (image.width() != picture_area || image.height() != labels.size()) {
    throw DataError(png.string() + ": is " + std::to_string(image.width()) + " x " +
                    std::to_string(image.height()) + " pixels, not 1024 x " +
                    std::to_string(labels.size()));
  }
  const std::vector<std::uint8_t> pixels = image.pixels();
  std::vector<std::uint8_t> records(labels.size() * cifar_record);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const std::uint8_t* row = pixels.data() + i * cifar_pixels;
    std::uint8_t* record = records.data() + i * cifar_record;
    record[0] = labels[i];
    for (std::size_t pixel = 0; pixel < picture_area; ++pixel) {
      for (std::size_t channel = 0; channel < 3; ++channel) {
        record[1 + channel * picture_area + pixel] = row[3 * pixel + channel];
      }
    }
  }
  return records;
}

std::vector<std::uint8_t> read_label_list(const std::filesystem::path& json, std::size_t count) {
  std::ifstream file(json);
  if (!file) throw DataError(json.string() + ": cannot be opened for reading");
  const auto list = nlohmann::json::parse(file, nullptr, false);
  if (!list.is_array() || list.size() != count) {
    throw DataError(json.string() + ": is no JSON list of " + std::to_string(count) + " labels");
  }
  std::vector<std::uint8_t> labels;
  labels.reserve(count);
  for (const auto& label : list) {
    if (!label.is_number_unsigned() || label.get<std::uint64_t>() > 9) {
      throw DataError(json.string() + ": label " + std::to_string(labels.size()) +
                      " is no class 0 to 9");
    }
    labels.push_back(label.get<std::uint8_t>());
  }
  return labels;
}

}  // namespace syncline
