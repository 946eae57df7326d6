#include <nlohmann/json.hpp>

#include "syncline/measure.hpp"

namespace syncline {
namespace {

using Json = nlohmann::ordered_json;

Json value_json(const MeasuredValue& measured) {
  return {{"value", measured.value}, {"lower", measured.lower}, {"upper", measured.upper}};
}

Json value_json(const std::optional<MeasuredValue>& measured) {
  return measured ? value_json(*measured) : Json(nullptr);
}

Json lines_json(const std::vector<SpectralLine>& lines) {
  Json list = Json::array();
  for (const SpectralLine& line : lines) list.push_back({line.eigenvalue, line.weight});
  return list;
}

}  // namespace

nlohmann::ordered_json to_json(const WorkloadConstants& constants) {
  Json json;
  json["schema"] = 1;
  json["kind"] = "constants";
  json["workload"] = constants.workload;
  json["data"] = constants.data;
  json["seed"] = constants.seed;
  json["samples"] = constants.samples;
  json["dimension"] = constants.dimension;
  json["batch"] = constants.batch;
  json["loss"] = constants.loss;
  json["gradient_norm2"] = value_json(constants.gradient_norm2);
  json["sigma2"] = value_json(constants.sigma2);
  json["m_g"] = value_json(constants.m_g);
  json["smoothness"] = value_json(constants.smoothness);
  json["convexity"] = value_json(constants.convexity);
  json["gamma"] = value_json(constants.gamma);
  json["signal"] = lines_json(constants.signal);
  json["noise"] = lines_json(constants.noise);
  return json;
}

}  // namespace syncline
