#include <fstream>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck.h>

#include "support/temporary_folder.hpp"
#include "syncline/error.hpp"
#include "syncline/measure.hpp"

namespace syncline {
namespace {

using Json = nlohmann::ordered_json;
using testing::TemporaryFolder;

WorkloadConstants sample() {
  WorkloadConstants constants;
  constants.workload = "softmax(lambda=0.01)";
  constants.data = "fashion-mnist";
  constants.seed = 3;
  constants.samples = 1024;
  constants.dimension = 7850;
  constants.batch = 32;
  constants.loss = 2.31;
  constants.gradient_norm2 = {0.1, 0.05, 0.2};
  constants.sigma2 = {4, 3, 5};
  constants.m_g = {0, 0, 0.5};
  constants.smoothness = {10, 9, 12};
  constants.convexity = MeasuredValue{0.02, 0, 0.02};
  constants.gamma = MeasuredValue{0.11, 0.1, 0.12};
  constants.signal = {{-0.1, 0.5}, {1, 1e-300}};
  constants.noise = {{0, 0}, {1.0 / 3, 2}};
  return constants;
}

/// Writes the text to a file and reads constants from it; "" or the message of the refusal.
std::string refusal(const std::string& text) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "c.json";
  std::ofstream(path) << text;
  try {
    static_cast<void>(read_constants(path));
  } catch (const DataError& error) {
    return error.what();
  }
  return "";
}

WorkloadConstants read_back(const WorkloadConstants& constants) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "c.json";
  std::ofstream(path) << to_json(constants).dump() << "\n";
  return read_constants(path);
}

TEST_CASE("constants written and read again are the same to the bit") {
  CHECK(to_json(read_back(sample())) == to_json(sample()));
  WorkloadConstants bare = sample();
  bare.convexity = std::nullopt;
  bare.gamma = std::nullopt;
  bare.signal.clear();
  const WorkloadConstants again = read_back(bare);
  CHECK_FALSE(again.convexity);
  CHECK_FALSE(again.gamma);
  CHECK(again.signal.empty());
  CHECK(again.noise.at(1).eigenvalue == 1.0 / 3);
  CHECK(rc::check("any numbers", [](std::uint64_t seed, double loss, double low,
                                    const std::vector<double>& weights) {
    WorkloadConstants constants = sample();
    constants.seed = seed;
    constants.loss = loss;
    constants.sigma2 = {std::abs(low) * 2, std::abs(low), std::abs(low) * 3};
    for (const double weight : weights) constants.signal.push_back({loss, std::abs(weight)});
    RC_ASSERT(to_json(read_back(constants)) == to_json(constants));
  }));
}

TEST_CASE("constants with a member missing, of the wrong type or null are refused by its name") {
  const Json whole = to_json(sample());
  for (const auto& [name, value] : whole.items()) {
    CAPTURE(name);
    Json without = to_json(sample());
    without.erase(name);
    CHECK(refusal(without.dump()).find("'" + name + "' is missing") != std::string::npos);
    for (const Json& wrong : {Json(nullptr), Json(-1.5), Json(true), Json({{"x", 1}})}) {
      if (wrong.is_null() && (name == "convexity" || name == "gamma")) continue;
      if (wrong.is_number() && name == "loss") continue;
      Json changed = to_json(sample());
      changed[name] = wrong;
      CAPTURE(wrong.dump());
      CHECK(refusal(changed.dump()).find("'" + name) != std::string::npos);
    }
  }
}

TEST_CASE("constants with numbers that can't be are refused by their place") {
  const auto refused = [](const char* pointer, const Json& value, const char* part) {
    Json changed = to_json(sample());
    changed[Json::json_pointer(pointer)] = value;
    const std::string message = refusal(changed.dump());
    CAPTURE(message);
    CHECK(message.find(part) != std::string::npos);
  };
  refused("/sigma2/lower", -1, "'sigma2.lower' is below 0");
  refused("/sigma2/lower", 4.5, "'sigma2' does not have lower <= value <= upper");
  refused("/gamma/upper", 0, "'gamma' does not have");
  refused("/gamma/upper", "0", "'gamma.upper' is not a number");
  refused("/smoothness/more", 0, "'smoothness' has other members");
  refused("/noise/1/1", -1e-9, "'noise[1][1]' is a weight below 0");
  refused("/noise/1", {1, 2, 3}, "'noise[1]' is not a pair");
  refused("/signal/0/0", nullptr, "'signal[0][0]' is not a number");
  refused("/batch", 0, "'batch' is not a whole number from 1 on");
  refused("/dimension", 1.5, "'dimension' is not");
  refused("/schema", 2, "'schema' is not 1");
  refused("/kind", "race", "'kind' is not 'constants'");
  refused("/sigma", 3, "'sigma' is not known");
}

TEST_CASE("file that holds no constants is refused with its name") {
  CHECK(refusal("").find("c.json") != std::string::npos);
  CHECK(refusal("{").find("no JSON") != std::string::npos);
  CHECK(refusal("[1]").find("is not an object") != std::string::npos);
  CHECK(refusal("\xff\xfe").find("no JSON") != std::string::npos);
  CHECK(refusal(R"({"loss": 1e999})").find("no JSON") != std::string::npos);
  CHECK(refusal(std::string(100000, '[')).find("no JSON") != std::string::npos);
  CHECK_THROWS_AS(static_cast<void>(read_constants("/nowhere/c.json")), DataError);
  CHECK_THROWS_AS(static_cast<void>(read_constants("/")), DataError);
}

TEST_CASE("constants cut at any byte are refused by the name of their file") {
  const std::string whole = to_json(sample()).dump();
  for (std::size_t length = 0; length < whole.size(); ++length) {
    CAPTURE(length);
    CHECK(refusal(whole.substr(0, length)).find("c.json") != std::string::npos);
  }
}

TEST_CASE("constants with any one byte changed are read, or refused by the name of their file") {
  const std::string whole = to_json(sample()).dump();
  std::size_t refused = 0;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    for (const char byte : {'\0', '\xff', '"', '[', '}', ',', '.', '-', 'e', '9'}) {
      std::string changed = whole;
      changed[i] = byte;
      CAPTURE(changed);
      const std::string message = refusal(changed);
      CHECK((message.empty() || message.find("c.json") != std::string::npos));
      refused += message.empty() ? 0 : 1;
    }
  }
  CHECK(refused > whole.size());
}

}  // namespace
}  // namespace syncline
