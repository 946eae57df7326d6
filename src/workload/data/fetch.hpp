#pragma once

#include <array>
#include <filesystem>
#include <ostream>
#include <string>

#include "base/checksum.hpp"

namespace syncline {

/// A file of a data set and the digest that makes it genuine.
struct KnownFile {
  std::string name;
  std::string digest;
};

/// Whether all files lie in `folder` with the right digests.
template <std::size_t n>
[[nodiscard]] bool all_genuine(const std::filesystem::path& folder,
                               const std::array<KnownFile, n>& files, const char* algorithm) {
  for (const auto& file : files) {
    if (!has_digest(folder / file.name, algorithm, file.digest)) return false;
  }
  return true;
}

/// Each brings one data set into `folder`, as fetch_dataset describes.
void fetch_mnist(const std::filesystem::path& folder, std::ostream& messages);
void fetch_cifar10(const std::filesystem::path& folder, std::ostream& messages);

}  // namespace syncline
