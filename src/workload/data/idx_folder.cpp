#include "workload/data/idx_folder.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "workload/data/data_error.hpp"
#include "workload/data/idx.hpp"
#include "workload/data/samples.hpp"

namespace syncline {
namespace {

std::optional<std::filesystem::path> find_file(const std::filesystem::path& folder,
                                               const std::string& stem, const std::string& type) {
  for (const char* separator : {"-", "."}) {
    for (const char* ending : {"", ".gz"}) {
      const auto path = folder / (stem + separator + type + ending);
      std::error_code ignored;
      if (std::filesystem::is_regular_file(path, ignored)) return path;
    }
  }
  return std::nullopt;
}

std::filesystem::path need_file(const std::filesystem::path& folder, const std::string& stem,
                                const std::string& type) {
  if (const auto found = find_file(folder, stem, type)) return *found;
  throw DataError(folder.string() + ": has no file " + stem + "-" + type + " or " + stem + "-" +
                  type + ".gz");
}

std::vector<std::int32_t> read_labels(const std::filesystem::path& path) {
  const IdxArray array = read_idx(path);
  if (array.shape.size() != 1) {
    throw data_error(path, "labels must have one dimension", 3);
  }
  return {array.bytes.begin(), array.bytes.end()};
}

Samples read_split(const std::filesystem::path& folder, const std::string& split) {
  const auto image_path = need_file(folder, split + "-images", "idx3-ubyte");
  const auto label_path = need_file(folder, split + "-labels", "idx1-ubyte");
  Samples samples;
  IdxArray images = read_idx(image_path);
  if (!set_shape(samples, images.shape)) {
    throw data_error(image_path, "images must have 2 to 4 dimensions", 3);
  }
  samples.bytes = std::move(images.bytes);
  samples.labels = read_labels(label_path);
  return samples;
}

}  // namespace

Dataset read_idx_folder(const std::filesystem::path& folder) {
  Dataset dataset;
  dataset.train = read_split(folder, "train");
  dataset.test = read_split(folder, "t10k");
  check_splits(dataset, folder);
  return dataset;
}

bool has_idx_files(const std::filesystem::path& folder) {
  const auto has = [&](const char* stem, const char* type) {
    return find_file(folder, stem, type).has_value();
  };
  return has("train-images", "idx3-ubyte") && has("train-labels", "idx1-ubyte") &&
         has("t10k-images", "idx3-ubyte") && has("t10k-labels", "idx1-ubyte");
}

}  // namespace syncline
