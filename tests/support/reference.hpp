#pragma once

#include <fstream>
#include <stdexcept>
#include <string>

#include <nlohmann/json.hpp>

namespace syncline::testing {

/// A file of reference data, from tests/data.
inline nlohmann::json reference(const std::string& name) {
  std::ifstream file(std::string(SYNCLINE_TEST_DATA) + "/" + name);
  if (!file) throw std::runtime_error("missing reference data: " + name);
  return nlohmann::json::parse(file);
}

/// "K-sync" and K as a policy is written.
inline std::string policy_text(const std::string& variant, std::uint64_t k) {
  if (variant == "fully-sync") return "sync";
  if (variant == "async") return "async";
  std::string name = variant;
  name[0] = 'k';
  return name + "(k=" + std::to_string(k) + ")";
}

}  // namespace syncline::testing
