// Files of `measure --save`.

#include <cmath>

#include <nlohmann/json.hpp>

#include "input_file.hpp"
#include "syncline/measure.hpp"
#include "targets/entries.hpp"

namespace syncline::fuzz {
namespace {

void check(const std::filesystem::path& path) {
  const WorkloadConstants constants = read_constants(path);
  for (const auto& value :
       {constants.gradient_norm2, constants.sigma2, constants.m_g, constants.smoothness}) {
    promise(value.lower >= 0 && value.lower <= value.value && value.value <= value.upper,
            "lower <= value <= upper");
  }
  const auto written = to_json(constants);
  promise(to_json(read_constants(own_folder().write("copy.json", written.dump()))) == written,
          "constants are read back the same");
}

void take(std::string_view input) { read_as_file(input, check); }

std::vector<std::string> seeds() {
  WorkloadConstants constants;
  constants.workload = "softmax";
  constants.data = "idx(folder=data)";
  constants.dimension = 4;
  constants.batch = 2;
  constants.gradient_norm2 = constants.sigma2 = {2, 1, 3};
  constants.convexity = MeasuredValue{0.5, 0.25, 1};
  constants.signal = {{1.5, 2}, {-0.5, 0.25}};
  return {to_json(constants).dump(2)};
}

}  // namespace

const Target constants_target{"constants", "constants of a workload", take, seeds};

}  // namespace syncline::fuzz
