// Files of durations for the laws `empirical` and `service-times`.

#include <cmath>

#include "delay/value_file.hpp"
#include "input_file.hpp"
#include "syncline/error.hpp"
#include "targets/entries.hpp"

namespace syncline::fuzz {
namespace {

void check(const std::vector<double>& values) {
  for (const double value : values) {
    promise(value > 0 && std::isfinite(value), "durations are above 0 and finite");
  }
}

void take(std::string_view input) {
  bool list = true;
  try {
    read_as_file(input, [](const std::filesystem::path& path) {
      const auto values = read_values(path.string());
      promise(!values.empty(), "at least one duration");
      check(values);
    });
  } catch (const Error&) {
    list = false;
  }
  try {
    read_as_file(input, [](const std::filesystem::path& path) {
      for (const auto& [worker, values] : read_service_times(path.string())) check(values);
    });
  } catch (const Error&) {
    if (!list) throw;
  }
}

std::vector<std::string> seeds() {
  return {"# measured\n0.5, 1.25e0\n13.75 # last\n2\n", "[0.5, 1.25, 3]",
          R"({"0": [0.875, 2.375], "1": [1.5], "2": []})"};
}

}  // namespace

const Target values_target{"values", "a file of durations", take, seeds};

}  // namespace syncline::fuzz
