#include "chaos/log_tail.hpp"

#include <fstream>
#include <string>

#include <nlohmann/json.hpp>

namespace syncline {
namespace {

/// Longer than a record of any fleet that fits on one machine.
constexpr std::streamoff window = std::streamoff{1} << 20U;

}  // namespace

std::uint64_t last_logged_update(const std::filesystem::path& log) {
  std::ifstream file(log, std::ios::binary | std::ios::ate);
  if (!file) return 0;
  const std::streamoff length = file.tellg();
  file.seekg(std::max<std::streamoff>(0, length - window));
  std::uint64_t last = 0;
  std::string line;
  // The first may be the end of a record, and the last the beginning of one: neither is JSON.
  while (std::getline(file, line)) {
    const auto record = nlohmann::json::parse(line, nullptr, false);
    if (record.is_object() && record.value("event", "") == "update") {
      last = record.value("update", last);
    }
  }
  return last;
}

}  // namespace syncline
