#pragma once

#include <string>

namespace syncline::fuzz {

/// The bytes as a gzip file.
[[nodiscard]] std::string gzipped(const std::string& bytes);

}  // namespace syncline::fuzz
