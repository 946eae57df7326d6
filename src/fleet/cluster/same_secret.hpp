#pragma once

#include <string_view>

namespace syncline {

/// Whether two secrets are the same, in a time that tells nothing of where they differ: it depends
/// on the lengths alone.
[[nodiscard]] inline bool same_secret(std::string_view shown, std::string_view secret) {
  if (shown.size() != secret.size()) return false;
  volatile unsigned char difference = 0;  // so that no compiler ends the loop early
  for (std::size_t i = 0; i < secret.size(); ++i) {
    const auto different = static_cast<unsigned char>(shown[i] ^ secret[i]);
    difference = static_cast<unsigned char>(difference | different);
  }
  return difference == 0;
}

}  // namespace syncline
