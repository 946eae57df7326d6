#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "support/tiny_dataset.hpp"

namespace syncline::testing {

/// A file of numpy's, of bytes.
inline std::string npy_text(const std::string& shape, const std::vector<std::uint8_t>& bytes) {
  std::string header = "{'descr': '|u1', 'fortran_order': False, 'shape': (" + shape + "), }";
  constexpr std::size_t before = 10;
  header.append(64 - (before + header.size() + 1) % 64, ' ');
  header += '\n';
  std::string text("\x93NUMPY\x01\x00", 8);
  text += static_cast<char>(header.size() % 256);
  text += static_cast<char>(header.size() / 256);
  return text + header + std::string(bytes.begin(), bytes.end());
}

/// The tiny data set as files, for those who can only be told a name: workers elsewhere. Returns
/// that name. `Folder`: one with write(name, text), which returns the path.
template <class Folder>
std::string tiny_npy(const Folder& folder, const TinyShape& shape) {
  const auto write = [&](const std::string& name, const Samples& samples) {
    const std::vector<std::uint8_t> labels(samples.labels.begin(), samples.labels.end());
    const std::string count = std::to_string(samples.count);
    const std::string features = std::to_string(samples.height * samples.width);
    return name +
           "_x=" + folder.write(name + "_x", npy_text(count + ", " + features, samples.bytes)) +
           ", " + name + "_y=" + folder.write(name + "_y", npy_text(count + ",", labels));
  };
  return "npy(" + write("train", tiny_samples(shape, shape.train, 1)) + ", " +
         write("test", tiny_samples(shape, shape.test, 2)) + ")";
}

}  // namespace syncline::testing
