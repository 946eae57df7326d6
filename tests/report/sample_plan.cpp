#include "report/sample_plan.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "report/sample_fit.hpp"

namespace syncline::test {
namespace {

using Json = nlohmann::ordered_json;

constexpr int workers = 8;
constexpr double minimum = 0.25;
constexpr double start = 2.3;
constexpr double target = 0.18;
/// The loss at which the error is expected to be at the target.
constexpr double target_loss = 0.42;
constexpr double target_time_spread = 0.08;
/// Points of one candidate's curve.
constexpr int points = 60;
/// Mean of a job; half of the sample race's workers take 1, half 2.
constexpr double stretch = 1.4;
/// Candidates whose times are said to be simulated.
constexpr std::size_t simulated = 14;

double harmonic(int n) {
  double sum = 0;
  for (int i = 1; i <= n; ++i) sum += 1.0 / i;
  return sum;
}

struct Point {
  const char* family;
  int k;

  [[nodiscard]] bool batch() const {
    return std::string(family).find("batch") != std::string::npos;
  }
  [[nodiscard]] bool stale() const {
    return std::string(family).find("async") != std::string::npos;
  }
  [[nodiscard]] std::string policy() const {
    if (std::string(family) == "k-sync" && k == workers) return "sync";
    if (std::string(family) == "k-async" && k == 1) return "async";
    return std::string(family) + "(k=" + std::to_string(k) + ")";
  }
  /// With exponential delays: the k-th order statistic, or k gradients at rate P.
  [[nodiscard]] double runtime() const {
    return stretch *
           (batch() ? static_cast<double>(k) / workers : harmonic(workers) - harmonic(workers - k));
  }
  [[nodiscard]] double staleness() const {
    if (!stale()) return 0;
    return batch() ? (workers - 1.0) / k : static_cast<double>(workers) / k - 1;
  }
};

std::vector<Point> line() {
  std::vector<Point> result;
  for (int k = 1; k <= workers; ++k) {
    for (const char* family : {"k-sync", "k-batch-sync", "k-async", "k-batch-async"}) {
      const Point point{family, k};
      if ((k == 1 && point.batch()) || (k == workers && std::string(family) == "k-async")) continue;
      result.push_back(point);
    }
  }
  return result;
}

Json estimate(double value, double spread, const char* kind) {
  return {{"value", value},
          {"kind", kind},
          {"source", "formulas of the sample"},
          {"lower", value * (1 - spread)},
          {"upper", value * (1 + spread)}};
}

/// Loss falls by a factor an update to a floor that rises with the step and with staleness and
/// falls with K.
Json candidate(const Point& point, double step_size) {
  const double period = point.runtime();
  const double rate = 0.4 * step_size / (1 + 0.05 * point.staleness());
  const double floor = minimum + step_size * (2.5 + 0.12 * point.staleness()) / point.k;
  const double reach = (target_loss - floor) / (start - floor);
  const bool arrives = reach > 0;
  const double updates = arrives ? std::log(reach) / std::log1p(-rate) : 0;
  Json json = {{"policy", point.policy()},
               {"family", point.family},
               {"k", point.k},
               {"step_size", step_size},
               {"stable", step_size * point.staleness() < 0.9},
               {"time", nullptr},
               {"loss_at_budget", nullptr},
               {"speedup_vs_sync", nullptr},
               {"updates", updates},
               {"gradients", updates * point.k},
               {"runtime_per_update", estimate(period, 0.01, "exact")},
               {"error_floor", floor},
               {"staleness", point.staleness()},
               {"idle_fraction", point.batch() ? 0 : 1 - point.k / period / workers},
               {"cancelled_time_fraction", point.stale() ? 0 : 1 - 1.0 * point.k / workers},
               {"link_bytes", updates * point.k * 4e6},
               {"link_load", 0.04 * point.k / period},
               {"simulated", false}};
  if (arrives && json.at("stable").get<bool>()) {
    json["time"] = estimate(updates * period, target_time_spread, "approximation");
    Json curve = Json::array();
    for (int i = 0; i <= points; ++i) {
      const double done = updates * i / points;
      curve.push_back({done * period, floor + (start - floor) * std::pow(1 - rate, done)});
    }
    json["curve"] = curve;
  }
  return json;
}

double time_of(const Json& candidate) {
  return candidate.at("time").is_null() ? INFINITY : candidate.at("time").at("value").get<double>();
}

/// Soonest first; only the leaders keep their curves, as if they had been simulated.
Json ranked() {
  std::vector<Json> list;
  for (const double step_size : {0.05, 0.1}) {
    for (const Point& point : line()) list.push_back(candidate(point, step_size));
  }
  std::stable_sort(list.begin(), list.end(),
                   [](const Json& a, const Json& b) { return time_of(a) < time_of(b); });
  double sync_time = INFINITY;
  for (const Json& json : list) {
    if (json.at("policy") == "sync") sync_time = std::min(sync_time, time_of(json));
  }
  for (std::size_t i = 0; i < list.size(); ++i) {
    Json& json = list[i];
    if (!json.at("time").is_null()) json["speedup_vs_sync"] = sync_time / time_of(json);
    json["simulated"] =
        !json.at("time").is_null() && (i < simulated || json.at("policy") == "sync");
    if (json.at("simulated").get<bool>()) json["time"]["kind"] = "simulated";
    if (!json.at("simulated").get<bool>()) json.erase("curve");
  }
  return list;
}

Json frame(const Json& fit) {
  return {{"schema", 1},
          {"kind", "plan"},
          {"title", "plan"},
          {"version", "0.1.0"},
          {"command", "syncline plan --workers 8 --delay \"exponential(rate=1)\" --target 0.18"},
          {"fleet",
           {{"workers", workers},
            {"delay", "exponential(rate=1)"},
            {"source", fit.is_null() ? "as given" : "fitted to 960 jobs"},
            {"notes", Json::array()},
            {"fit", fit}}}};
}

}  // namespace

Json sample_plan(bool fitted) {
  Json plan = frame(fitted ? sample_fit() : Json());
  const Json candidates = ranked();
  const Json& best = candidates.front();
  plan["workload"] = {{"source", "constants constants.json"},
                      {"message_bytes", 4000000},
                      {"initial_loss", start},
                      {"floor", minimum},
                      {"largest_curvature", 1.0},
                      {"noise_scale", 18.0},
                      {"target_loss", target_loss},
                      {"notes", {"the curvature was measured at the start and may change"}}};
  plan["target"] = {{"metric", "test_error"}, {"value", target}, {"time", nullptr}};
  plan["simulated"] = true;
  plan["candidates"] = candidates;
  plan["recommendation"] = {
      {"policy", best.at("policy")},
      {"reason", best.at("policy").get<std::string>() +
                     " reaches the target soonest in this sample. An update takes less time, and "
                     "more of them are needed."},
      {"command", "syncline train --policy \"" + best.at("policy").get<std::string>() +
                      "\" --workers 8 --delay \"exponential(rate=1)\" --target 0.18"},
      {"step_size", best.at("step_size")},
      {"time", best.at("time")}};
  plan["hints"] = {"Remove worker 5: without, the target takes 41 instead of 52."};
  plan["adasync"] = "adasync(base=k-async, k0=2, interval=3, rule=general)";
  plan["what_if"] = Json::array();
  for (const char* policy : {"sync", "k-async(k=4)"}) {
    plan["what_if"].push_back({{"policy", policy},
                               {"gradients", 960},
                               {"updates", 240},
                               {"time", 163.5},
                               {"time_per_update", 0.68},
                               {"staleness", 1.0},
                               {"idle_fraction", 0.27},
                               {"cancelled_time_fraction", 0.0},
                               {"recorded_share", 0.98}});
  }
  plan["interrupted"] = false;
  return plan;
}

Json sample_fleet_plan() {
  Json plan = frame(Json());
  plan["workload"] = {{"source", ""},
                      {"message_bytes", nullptr},
                      {"target_loss", nullptr},
                      {"notes", Json::array()}};
  plan["target"] = {{"metric", "test_error"}, {"value", nullptr}, {"time", nullptr}};
  plan["simulated"] = false;
  plan["candidates"] = Json::array();
  for (const Point& point : line()) {
    Json json = candidate(point, 0.1);
    json.update({{"stable", true},
                 {"time", nullptr},
                 {"loss_at_budget", 0},
                 {"updates", 0},
                 {"gradients", 0},
                 {"error_floor", 0},
                 {"idle_fraction", 0},
                 {"cancelled_time_fraction", 0},
                 {"link_bytes", nullptr}});
    json.erase("curve");
    plan["candidates"].push_back(json);
  }
  plan["recommendation"] = {{"policy", nullptr},
                            {"command", "syncline measure --save constants.json"},
                            {"reason",
                             "Not enough is known: nothing is known of the workload. How many "
                             "gradients are worth waiting for depends on their noise."}};
  plan["hints"] = Json::array();
  plan["adasync"] = nullptr;
  plan["what_if"] = Json::array();
  plan["interrupted"] = false;
  return plan;
}

}  // namespace syncline::test
