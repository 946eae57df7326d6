#include <algorithm>
#include <fstream>

#include <nlohmann/json.hpp>

#include "base/open_to_read.hpp"
#include "syncline/error.hpp"
#include "syncline/measure.hpp"

namespace syncline {
namespace {

using Json = nlohmann::ordered_json;

/// Far more than any number of directions makes, and little to hold.
constexpr std::size_t most_bytes = std::size_t{64} << 20;

/// Reads members and names the one that is wrong.
class Reader {
 public:
  Reader(const std::filesystem::path& path, const Json& json) : path_(path), json_(json) {
    if (!json.is_object()) refuse("(the whole file)", "is not an object");
  }

  [[noreturn]] void refuse(const std::string& member, const std::string& problem) const {
    throw DataError("constants in '" + path_.string() + "': '" + member + "' " + problem +
                    "; write the file with `syncline measure --save`");
  }

  /// Nothing may be there that nobody reads: it would be a slip of the pen that changes nothing.
  void refuse_others() const {
    for (const auto& [name, value] : json_.items()) {
      if (std::find(read_.begin(), read_.end(), name) == read_.end()) refuse(name, "is not known");
    }
  }

  std::string text(const char* name) {
    const Json& value = member(name);
    if (!value.is_string()) refuse(name, "is not a string");
    return value.get<std::string>();
  }

  std::uint64_t whole(const char* name, std::uint64_t least) {
    const Json& value = member(name);
    if (!value.is_number_unsigned() || value.get<std::uint64_t>() < least) {
      refuse(name, "is not a whole number from " + std::to_string(least) + " on");
    }
    return value.get<std::uint64_t>();
  }

  double number(const char* name) { return number_in(member(name), name); }

  MeasuredValue measured(const char* name) {
    const Json& value = member(name);
    const std::string at = name;
    const auto part = [&](const char* end) {
      const auto found = value.find(end);
      if (found == value.end()) refuse(at + "." + end, "is missing");
      return number_in(*found, at + "." + end);
    };
    if (!value.is_object()) refuse(at, "is not an object of value, lower and upper");
    if (value.size() > 3) refuse(at, "has other members than value, lower and upper");
    const MeasuredValue measured{part("value"), part("lower"), part("upper")};
    if (measured.lower > measured.value || measured.value > measured.upper) {
      refuse(at, "does not have lower <= value <= upper");
    }
    if (measured.lower < 0) refuse(at + ".lower", "is below 0");
    return measured;
  }

  std::optional<MeasuredValue> measured_or_null(const char* name) {
    if (member(name).is_null()) return std::nullopt;
    return measured(name);
  }

  std::vector<SpectralLine> lines(const char* name) {
    const Json& list = member(name);
    if (!list.is_array()) refuse(name, "is not a list");
    std::vector<SpectralLine> lines;
    for (std::size_t i = 0; i < list.size(); ++i) {
      const std::string at = name + ("[" + std::to_string(i) + "]");
      if (!list[i].is_array() || list[i].size() != 2) {
        refuse(at, "is not a pair of eigenvalue and weight");
      }
      lines.push_back({number_in(list[i][0], at + "[0]"), number_in(list[i][1], at + "[1]")});
      if (lines.back().weight < 0) refuse(at + "[1]", "is a weight below 0");
    }
    return lines;
  }

 private:
  const Json& member(const char* name) {
    const auto found = json_.find(name);
    if (found == json_.end()) refuse(name, "is missing");
    read_.emplace_back(name);
    return *found;
  }

  [[nodiscard]] double number_in(const Json& value, const std::string& at) const {
    if (!value.is_number()) refuse(at, "is not a number");
    return value.get<double>();
  }

  const std::filesystem::path& path_;
  const Json& json_;
  std::vector<std::string> read_;
};

Json parsed(const std::filesystem::path& path) {
  std::ifstream file = open_to_read(path, "the constants in");
  std::string text;
  char block[65536];
  while (text.size() <= most_bytes && (file.read(block, sizeof block) || file.gcount() > 0)) {
    text.append(block, static_cast<std::size_t>(file.gcount()));
  }
  if (text.empty()) {
    throw DataError("constants in '" + path.string() + "': the file is empty");
  }
  if (text.size() > most_bytes) {
    throw DataError("constants in '" + path.string() + "': the file is far too large");
  }
  try {
    return Json::parse(text);
  } catch (const nlohmann::json::exception& error) {
    throw DataError("constants in '" + path.string() + "' are no JSON: " + error.what());
  }
}

}  // namespace

WorkloadConstants read_constants(const std::filesystem::path& path) {
  const Json json = parsed(path);
  Reader reader(path, json);
  if (reader.text("kind") != "constants") reader.refuse("kind", "is not 'constants'");
  if (reader.whole("schema", 0) != 1)
    reader.refuse("schema", "is not 1, the one this program reads");
  WorkloadConstants constants;
  constants.workload = reader.text("workload");
  constants.data = reader.text("data");
  constants.seed = reader.whole("seed", 0);
  constants.samples = reader.whole("samples", 0);
  constants.dimension = reader.whole("dimension", 1);
  constants.batch = reader.whole("batch", 1);
  constants.loss = reader.number("loss");
  constants.gradient_norm2 = reader.measured("gradient_norm2");
  constants.sigma2 = reader.measured("sigma2");
  constants.m_g = reader.measured("m_g");
  constants.smoothness = reader.measured("smoothness");
  constants.convexity = reader.measured_or_null("convexity");
  constants.gamma = reader.measured_or_null("gamma");
  constants.signal = reader.lines("signal");
  constants.noise = reader.lines("noise");
  reader.refuse_others();
  return constants;
}

}  // namespace syncline
