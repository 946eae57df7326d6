// numpy's files, as samples and as labels.

#include "workload/data/npy.hpp"

#include <cmath>

#include "gzipped.hpp"
#include "input_file.hpp"
#include "syncline/error.hpp"
#include "targets/entries.hpp"

namespace syncline::fuzz {
namespace {

void check_samples(const std::filesystem::path& path) {
  const Samples samples = read_npy_samples(path);
  const std::size_t size = samples.count * samples.channels * samples.height * samples.width;
  promise(size > 0 && samples.bytes.size() + samples.values.size() == size,
          "as many elements as the shape says");
  for (const float value : samples.values) promise(std::isfinite(value), "finite elements");
}

void check_labels(const std::filesystem::path& path) {
  for (const auto label : read_npy_labels(path)) promise(label >= 0, "classes from 0 on");
}

void take(std::string_view input) {
  bool labels = true;
  try {
    read_as_file(input, check_labels);
  } catch (const Error&) {
    labels = false;
  }
  try {
    read_as_file(input, check_samples);
  } catch (const Error&) {
    if (!labels) throw;
  }
}

std::string file(const std::string& type, const std::string& shape, const std::string& elements) {
  std::string header = "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + "}";
  header.resize(117, ' ');
  return std::string("\x93NUMPY\x01\0v\0", 10) + header + "\n" + elements;
}

std::vector<std::string> seeds() {
  return {file("|u1", "(2, 2, 3)", "two pictures"), file("<i8", "(2,)", std::string(16, '\0')),
          file("<f4", "(2, 2)", std::string(16, '\x3f')),
          gzipped(file("<i4", "(3,)", std::string(12, '\0')))};
}

}  // namespace

const Target npy_target{"npy", "a .npy file", take, seeds};

}  // namespace syncline::fuzz
