#include "fig06_panels.hpp"

#include "words.hpp"

namespace syncline::repro::fig06 {

const Panel panels[2] = {{"pareto(scale=1, shape=2)",
                          "Pareto(2, 1)",
                          "pareto",
                          {242, 431, 1094, 2483, 3344, 4182, 6786, 8972, 15977},
                          {247, 423, 997, 1985, 2577, 2936, 3740, 4422, 7310}},
                         {"shifted-exponential(shift=1, rate=1)",
                          "1 + exp(1)",
                          "shifted",
                          {272, 478, 1184, 2598, 3536, 4267, 6110, 7128, 9212},
                          {277, 470, 1068, 2081, 2644, 3084, 3722, 3985, 4885}}};

Values::Values(const Results& results, std::size_t panel, const char* name) {
  const Json& json = results.computed.at(panels[panel].key).at(name);
  means_ = (json.is_object() ? json.at("mean") : json).get<std::vector<double>>();
  if (json.is_object()) errors_ = json.at("stderr").get<std::vector<double>>();
}

std::string Values::text(int k) const {
  return errors_.empty() ? number(at(k)) : with_error({at(k), error(k), 2});
}

}  // namespace syncline::repro::fig06
