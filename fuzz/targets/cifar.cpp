// CIFAR-10's binary files.

#include "workload/data/cifar.hpp"

#include "gzipped.hpp"
#include "input_file.hpp"
#include "targets/entries.hpp"

namespace syncline::fuzz {
namespace {

constexpr std::size_t records = 2;

void take(std::string_view input) {
  read_as_file(input, [](const std::filesystem::path& path) {
    Samples samples;
    append_cifar_file(path, records, samples);
    promise(samples.count == records && samples.labels.size() == records, "all records, no more");
    promise(samples.bytes.size() == records * cifar_pixels, "all pixels");
    for (const auto label : samples.labels) promise(label >= 0 && label < 10, "ten classes");
  });
}

std::vector<std::string> seeds() {
  std::string file;
  for (std::size_t i = 0; i < records; ++i) {
    file += static_cast<char>(9 - i);
    file += std::string(cifar_pixels, static_cast<char>(100 + i));
  }
  return {file, gzipped(file)};
}

}  // namespace

const Target cifar_target{"cifar", "a CIFAR-10 file of two records", take, seeds};

}  // namespace syncline::fuzz
