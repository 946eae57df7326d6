#pragma once

#include <cstdint>
#include <fstream>
#include <map>
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

/// The table's laws as this program writes them; "hetero" slows the last floor(P/2) workers 5
/// times.
inline std::string delay_text(const std::string& law, std::uint32_t workers) {
  static const std::map<std::string, std::string> laws = {
      {"exp(1)", "exponential(rate=1)"},
      {"shiftexp(1,1)", "shifted-exponential(shift=1, rate=1)"},
      {"pareto(shape=2.5,scale=1)", "pareto(scale=1, shape=2.5)"},
      {"weibull(shape=0.7,scale=1)", "weibull(shape=0.7, scale=1)"},
      {"gamma(shape=2,scale=1)", "gamma(shape=2, scale=1)"},
      {"constant(1)", "constant(value=1)"}};
  if (law.rfind("hetero:", 0) != 0) return laws.at(law);
  const std::uint32_t slow = workers / 2;
  const std::string fast = std::to_string(workers - slow) + "*exponential(rate=1)";
  return slow == 0 ? fast : fast + "," + std::to_string(slow) + "*exponential(rate=0.2)";
}

}  // namespace syncline::testing
