#include "fig07_runs.hpp"

#include <algorithm>
#include <cstdio>

#include "base/summary.hpp"
#include "record.hpp"
#include "syncline/measure.hpp"
#include "syncline/train.hpp"

namespace syncline::repro::fig07 {
namespace {

constexpr const char* delay = "exponential(rate=1)";

std::string policy_of(std::uint64_t k) { return "k-async(k=" + std::to_string(k) + ")"; }

RunConfig config_of(std::uint64_t k, double sigma) {
  RunConfig config;
  config.policy = policy_of(k);
  config.fleet.workers = workers;
  config.fleet.delay = delay;
  char model[96];
  std::snprintf(model, sizeof model, "quadratic(dimension=20, condition=%g, noise=%g)",
                1 / convexity, sigma);
  config.model.workload = model;
  config.model.batch = 1;
  config.model.precision = "float64";
  config.optimizer.step_size = step_size;
  config.threads = 1;
  return config;
}

/// The upper end of what the window says of gamma, and the error at the start.
WorkloadConstants measured(std::uint64_t k, std::uint64_t warmup, std::uint64_t window) {
  MeasureSettings settings;
  settings.gradients = 2;  // What they are for is known here.
  settings.warmup = warmup;
  settings.window = window;
  return measure(config_of(k, noise), settings, Progress());
}

/// gamma has to hold at every update, so it is taken where it is largest: on the way or at the
/// floor.
double gamma_of(std::uint64_t k, Scale scale) {
  if (k == workers) return 0;
  const std::uint64_t window = scale == Scale::full ? 20000 : 4000;
  const auto upper = [](const WorkloadConstants& constants) {
    return constants.gamma ? constants.gamma->upper : 0.0;
  };
  return std::max(upper(measured(k, 0, 200)), upper(measured(k, 2000, window)));
}

const Json& policy_in(const Json& document) {
  return document.at("settings").at(0).at("policies").at(0);
}

/// Means over the seeds at each evaluation.
Json trained(std::uint64_t k, std::uint64_t seeds, Json& times) {
  std::vector<std::vector<double>> errors;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    RunConfig config = config_of(k, noise);
    config.seed = seed;
    config.stop.time = training_ends;
    config.stop.evaluate_every = 5;
    const Json document = train(config, Progress());
    const Json& curve = policy_in(document).at("curves").at(0);
    times = curve.at("time");
    const auto values = curve.at("train_loss").get<std::vector<double>>();
    errors.resize(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) errors[i].push_back(values[i]);
  }
  Json json = {{"mean", Json::array()}, {"stderr", Json::array()}};
  for (const auto& at_once : errors) {
    const Summary summary = summarise(at_once);
    json["mean"].push_back(rounded(summary.mean));
    json["stderr"].push_back(rounded(summary.standard_error));
  }
  return json;
}

/// Without noise, K = P: what step sizes do.
Json exact_run(double eta) {
  RunConfig config = config_of(workers, 0);
  config.optimizer.step_size = eta;
  config.stop.updates = 500;
  const Json document = train(config, Progress());
  const Json& policy = policy_in(document);
  Json json = {{"step_size", eta}, {"outcome", document.at("outcome")}};
  const Json& diverged = policy.at("diverged");
  json["updates"] = diverged.empty() ? document.at("updates") : diverged.at(0).at("update");
  json["error"] =
      diverged.empty() ? rounded(policy.at("final_loss").at("mean").get<double>()) : Json(nullptr);
  return json;
}

}  // namespace

Json runs(Scale scale, const Progress& progress) {
  const DelayProfile fleet = DelayProfile::parse(delay, workers);
  Json json = {{"initial_gap", rounded(measured(workers, 0, 0).loss)}};
  for (const char* name : {"gamma", "p0", "runtime"}) json[name] = Json::array();
  for (std::uint64_t k = 1; k <= workers; ++k) {
    progress.report("fig07-theory, gamma", static_cast<double>(k) / workers);
    if (progress.stop()) return json;
    const VariantPoint point{VariantFamily::k_async, k};
    json["gamma"].push_back(rounded(gamma_of(k, scale)));
    json["p0"].push_back(rounded(fresh_probability_infimum(point, fleet).value));
    json["runtime"].push_back(rounded(runtime_per_update(point, fleet).value));
  }
  json["time"] = Json::array();
  json["trained"] = Json::array();
  for (const int k : trained_k) {
    progress.report("fig07-theory, K = " + std::to_string(k), 0);
    if (progress.stop()) return json;
    json["trained"].push_back(
        trained(static_cast<std::uint64_t>(k), scale == Scale::full ? 100 : 10, json["time"]));
  }
  json["exact"] = {exact_run(0.5), exact_run(workers / 2.0), exact_run(1 / convexity)};
  return json;
}

ErrorCurve bound_of(const Json& computed, std::uint64_t k) {
  ErrorConstants constants;
  constants.step_size = step_size;
  constants.smoothness = 1;
  constants.convexity = convexity;
  constants.sigma2 = noise * noise;
  constants.initial_gap = computed.at("initial_gap");
  constants.gamma = computed.at("gamma").at(k - 1);
  constants.p0 = 1.0 / workers;
  const double runtime = computed.at("runtime").at(k - 1);
  const auto family = k == workers ? VariantFamily::k_sync : VariantFamily::k_async;
  return {error_bound(family, k, constants), runtime};
}

}  // namespace syncline::repro::fig07
