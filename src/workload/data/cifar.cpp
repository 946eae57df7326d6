#include "workload/data/cifar.hpp"

#include <string>

#include "workload/data/byte_reader.hpp"
#include "workload/data/data_error.hpp"
#include "workload/data/normaliser.hpp"

namespace syncline {
namespace {

Samples grey_samples(const Samples& colour) {
  const std::size_t area = colour.height * colour.width;
  Samples grey{.count = colour.count,
               .channels = 1,
               .height = colour.height,
               .width = colour.width,
               .bytes = {},
               .values = std::vector<float>(colour.count * area),
               .labels = colour.labels};
  for (std::size_t i = 0; i < colour.count; ++i) {
    const std::uint8_t* red = colour.bytes.data() + i * 3 * area;
    const std::uint8_t* green = red + area;
    const std::uint8_t* blue = green + area;
    float* out = grey.values.data() + i * area;
    for (std::size_t j = 0; j < area; ++j) {
      out[j] = 0.2989F * red[j] + 0.5870F * green[j] + 0.1140F * blue[j];
    }
  }
  return grey;
}

}  // namespace

void append_cifar_file(const std::filesystem::path& path, std::size_t records, Samples& samples) {
  ByteReader reader(path);
  if (reader.most_left() < records * cifar_record) {
    throw data_error(path,
                     "must hold " + std::to_string(records) + " records of " +
                         std::to_string(cifar_record) + " bytes, but ends early",
                     reader.most_left());
  }
  samples.channels = 3;
  samples.height = samples.width = 32;
  samples.bytes.resize((samples.count + records) * cifar_pixels);
  samples.labels.reserve(samples.count + records);
  for (std::size_t i = 0; i < records; ++i) {
    std::uint8_t label = 0;
    reader.read({&label, 1});
    if (label > 9) {
      throw data_error(path, "class " + std::to_string(label) + " is not 0 to 9",
                       reader.offset() - 1);
    }
    samples.labels.push_back(label);
    reader.read({samples.bytes.data() + samples.count * cifar_pixels, cifar_pixels});
    ++samples.count;
  }
  reader.expect_end();
}

Dataset read_cifar_folder(const std::filesystem::path& folder) {
  Dataset dataset;
  dataset.classes = 10;
  dataset.mean = {0.49140F, 0.48216F, 0.44653F};
  dataset.deviation = {0.24703F, 0.24349F, 0.26159F};
  dataset.train.bytes.reserve(5 * cifar_file_records * cifar_pixels);
  for (const char* file : cifar_files) {
    Samples& split = file == cifar_files.back() ? dataset.test : dataset.train;
    append_cifar_file(folder / file, cifar_file_records, split);
  }
  return dataset;
}

Dataset to_grey(const Dataset& colour) {
  Dataset grey;
  grey.classes = colour.classes;
  grey.train = grey_samples(colour.train);
  grey.test = grey_samples(colour.test);
  measure_normalisation(grey);
  return grey;
}

}  // namespace syncline
