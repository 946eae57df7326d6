#include "record.hpp"

#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "trace/config_json.hpp"

namespace syncline::repro {
namespace {

using Json = nlohmann::ordered_json;

Json rounded_array(const Json& values) {
  Json result = Json::array();
  for (const Json& value : values) {
    result.push_back(value.is_number_float() ? rounded(value.get<double>()) : value);
  }
  return result;
}

Json without_limits(Json config) {
  config.at("stop").erase("updates");
  config.at("stop").erase("time");
  return config;
}

}  // namespace

Json filled_in(const Json& settings) {
  Json all = to_json(RunConfig{});
  all.merge_patch(settings);
  return all;
}

bool covers(const Json& record, const RunConfig& config) {
  const Json wanted = to_json(config);
  const Json stored = filled_in(record.at("config"));
  if (record.at("outcome") == "interrupted" || without_limits(stored) != without_limits(wanted)) {
    return false;
  }
  const auto reaches = [&](const char* limit) {
    return stored.at("stop").at(limit).get<double>() >= wanted.at("stop").at(limit).get<double>();
  };
  return record.at("outcome") == "diverged" || (reaches("updates") && reaches("time"));
}

Json rounded(double value) {
  if (!std::isfinite(value)) return nullptr;
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  return std::strtod(text, nullptr);
}

Json record_of(const Json& document) {
  const Json& policy = document.at("settings").at(0).at("policies").at(0);
  Json record;
  record["schema"] = 1;
  record["config"] = document.at("config");
  record["outcome"] = document.at("outcome");
  record["updates"] = document.at("updates");
  record["elapsed"] = rounded(document.at("elapsed").get<double>());
  record["seconds"] = rounded(document.at("seconds").get<double>());
  record["gradients"] = policy.at("gradients");
  for (const char* name : {"staleness_mean", "idle_fraction", "cancelled_time_fraction"}) {
    record[name] = rounded(policy.at(name).get<double>());
  }
  record["final"] = {{"test_error", policy.at("final_error").at("mean")},
                     {"test_loss", policy.at("final_loss").at("mean")}};
  const Json& curve = policy.at("curves").at(0);
  for (const auto& [name, values] : curve.items()) {
    if (values.is_array()) record["curve"][name] = rounded_array(values);
  }
  record["k"] = Json::array();
  if (policy.at("k").is_array()) {
    for (const Json& change : policy.at("k")) record["k"].push_back(rounded_array(change));
  }
  return record;
}

}  // namespace syncline::repro
