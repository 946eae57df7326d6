#include "report/sample_document.hpp"

#include <cmath>

#include "report/sample_fleet.hpp"

namespace syncline::test {
namespace {

using Json = nlohmann::ordered_json;

constexpr double horizon = 300;
constexpr double traced = 24;
constexpr double target = 0.18;
constexpr int seeds = 5;

const std::vector<SamplePolicy>& policies() {
  static const std::vector<SamplePolicy> list = {
      {"sync", 8, true, false, false},
      {"k-sync(k=4)", 4, true, false, false},
      {"k-batch-sync(k=4)", 4, true, true, false},
      {"k-async(k=4)", 4, false, false, false},
      {"k-batch-async(k=4)", 4, false, true, false},
      {"async", 1, false, false, false},
      {"adasync(base=k-async, k0=1, interval=25)", 1, false, false, true},
      {"adasync(base=k-sync, k0=1, interval=25)", 1, true, false, true},
  };
  return list;
}

struct Estimate {
  double sum = 0, squares = 0;
  int count = 0;

  void add(double value) {
    sum += value;
    squares += value * value;
    ++count;
  }
  [[nodiscard]] double mean() const { return sum / count; }
  [[nodiscard]] Json json() const {
    if (count == 0) return {{"mean", nullptr}, {"stderr", nullptr}};
    const double variance = (squares - sum * sum / count) / (count - 1);
    return {{"mean", mean()}, {"stderr", std::sqrt(std::max(0.0, variance) / count)}};
  }
};

/// Error falls with every update, less where gradients are stale, to a floor that rises with
/// staleness and falls with K: the paper's trade-off in one formula.
Json curve(const SampleRun& run, unsigned seed, int points, double step_size) {
  std::mt19937 random(seed);
  std::normal_distribution<> noise(0, 1);
  Json result = {{"seed", seed}};
  std::vector<Json> columns(6, Json::array());
  double excess = 0.75, floor = 0.14, stale = 0;
  std::size_t next = 0;
  for (int i = 0; i <= points; ++i) {
    const double time = horizon * i / points;
    while (next < run.updates.size() && run.updates[next].time <= time) {
      const auto& update = run.updates[next++];
      stale += 0.1 * (update.staleness - stale);
      excess *= 1 - 0.6 * step_size / (1 + 0.15 * stale) / (1 + 3.0 / update.gradients);
      floor = 0.12 + (0.1 * stale + 0.5) * 0.45 * step_size / update.gradients;
    }
    const double error = floor + excess * (1 + 0.02 * noise(random)) + 0.002 * noise(random);
    const Json row[] = {time,  next,      next > 0 ? run.updates[next - 1].compute : 0.0,
                        error, 3 * error, 2.7 * error};
    for (std::size_t c = 0; c < 6; ++c) columns[c].push_back(row[c]);
  }
  const char* names[] = {"time", "update", "compute", "test_error", "test_loss", "train_loss"};
  for (std::size_t c = 0; c < 6; ++c) result[names[c]] = columns[c];
  return result;
}

Json crossing(const Json& curve) {
  for (std::size_t i = 0; i < curve.at("time").size(); ++i) {
    if (curve.at("test_error")[i] <= target) return curve.at("time")[i];
  }
  return nullptr;
}

void add_to(std::vector<long>& sum, const std::vector<long>& part) {
  if (sum.size() < part.size()) sum.resize(part.size());
  for (std::size_t i = 0; i < part.size(); ++i) sum[i] += part[i];
}

Json policy_entry(const SamplePolicy& policy, int points, double step_size) {
  Json curves = Json::array(), per_seed = Json::array(), k = nullptr, timeline;
  Estimate reached, final_error, final_loss;
  SampleRun sum;
  double updates = 0;
  for (unsigned seed = 1; seed <= seeds; ++seed) {
    const auto run = simulate_sample(policy, seed, horizon, traced);
    curves.push_back(curve(run, seed, points, step_size));
    per_seed.push_back(crossing(curves.back()));
    if (!per_seed.back().is_null()) reached.add(per_seed.back().get<double>());
    final_error.add(curves.back().at("test_error").back().get<double>());
    final_loss.add(curves.back().at("test_loss").back().get<double>());
    if (seed == 1) {
      timeline = {{"workers", 8},
                  {"from", 0},
                  {"to", traced},
                  {"spans", run.spans},
                  {"arrows", run.arrows}};
      if (policy.adaptive) k = run.k;
    }
    add_to(sum.histogram, run.histogram);
    add_to(sum.contributions, run.contributions);
    sum.started += run.started;
    sum.computed += run.computed;
    sum.applied += run.applied;
    sum.cancelled += run.cancelled;
    sum.held += run.held;
    sum.in_flight += run.in_flight;
    sum.idle += run.idle;
    sum.cancelled_time += run.cancelled_time;
    sum.staleness_sum += run.staleness_sum;
    updates += static_cast<double>(run.updates.size());
  }
  Json time = reached.count == seeds ? reached.json() : Estimate().json();
  time["reached"] = reached.count;
  time["runs"] = seeds;
  time["per_seed"] = per_seed;
  const double worker_time = 8 * horizon * seeds;
  return {{"policy", policy.name},
          {"step_size", step_size},
          {"time_to_target", time},
          {"speedup_vs_sync", nullptr},
          {"final_error", final_error.json()},
          {"final_loss", final_loss.json()},
          {"updates", updates / seeds},
          {"gradients",
           {{"started", sum.started},
            {"computed", sum.computed},
            {"applied", sum.applied},
            {"dropped", 0},
            {"held", sum.held},
            {"cancelled", sum.cancelled},
            {"in_flight", sum.in_flight}}},
          {"staleness_mean", sum.staleness_sum / static_cast<double>(sum.applied)},
          {"staleness_histogram", sum.histogram},
          {"idle_fraction", sum.idle / worker_time},
          {"cancelled_time_fraction", sum.cancelled_time / worker_time},
          {"diverged", Json::array()},
          {"curves", curves},
          {"timeline", timeline},
          {"k", k},
          {"contributions", sum.contributions}};
}

Json setting(const std::string& mode, int points, const std::vector<double>& step_sizes) {
  Json entries = Json::array();
  for (std::size_t i = 0; i < policies().size(); ++i) {
    entries.push_back(policy_entry(policies()[i], points, step_sizes[i]));
  }
  const Json sync_time = entries[0].at("time_to_target").at("mean");
  Json best;
  for (auto& entry : entries) {
    const Json mean = entry.at("time_to_target").at("mean");
    if (mean.is_null()) continue;
    if (!sync_time.is_null()) {
      const double ratio = sync_time.get<double>() / mean.get<double>();
      entry["speedup_vs_sync"] = {
          {"value", ratio}, {"lower", 0.93 * ratio}, {"upper", 1.08 * ratio}};
    }
    if (best.is_null() || mean < best.at("time_to_target").at("mean")) best = entry;
  }
  Json verdict = {{"winner", nullptr},
                  {"text", "No policy reached the target."},
                  {"runner_up", nullptr},
                  {"difference", nullptr}};
  if (!best.is_null()) {
    verdict["winner"] = best.at("policy");
    verdict["text"] = best.at("policy").get<std::string>() +
                      " reached the target first in this sample. It keeps fast workers busy while "
                      "its gradients stay fresh enough to be useful.";
  }
  Json tuning = nullptr;
  if (mode == "tuned") {
    tuning = {{"seeds", {101, 102}}, {"results", Json::array()}};
    for (const auto& entry : entries) {
      for (const double factor : {0.25, 0.5, 1.0, 2.0}) {
        Json time = nullptr;
        if (factor <= 1 && !entry.at("time_to_target").at("mean").is_null()) {
          time = entry.at("time_to_target").at("mean").get<double>() * (1.6 - 0.6 * factor);
        }
        tuning["results"].push_back({{"policy", entry.at("policy")},
                                     {"step_size", entry.at("step_size").get<double>() * factor},
                                     {"time_to_target", time},
                                     {"final", factor <= 1 ? 0.15 : 0.31}});
      }
    }
  }
  return {{"step_sizes", mode}, {"tuning", tuning}, {"verdict", verdict}, {"policies", entries}};
}

}  // namespace

Json sample_document(int points) {
  return {
      {"schema", 1},
      {"kind", "race"},
      {"title", "sample race"},
      {"version", "0.1.0"},
      {"command", "syncline race sample --set race.seeds=5"},
      {"config",
       {{"workload", {{"model", "mlp(hidden=64)"}, {"dataset", "fashion-mnist"}, {"batch", 32}}},
        {"fleet", {{"workers", 8}, {"delay", "4*exponential(rate=1),4*exponential(rate=0.5)"}}},
        {"race", {{"seeds", seeds}, {"target", target}, {"grid", {{"interval", 3.0}}}}}}},
      {"seconds", 93.1},
      {"interrupted", false},
      {"workers", 8},
      {"target", {{"metric", "test_error"}, {"value", target}}},
      {"grid", {{"interval", horizon / points}, {"points_before_sync_target", 57}}},
      {"seeds", {1, 2, 3, 4, 5}},
      {"settings",
       {setting("same", points, std::vector<double>(8, 0.1)),
        setting("tuned", points, {0.4, 0.3, 0.3, 0.2, 0.2, 0.05, 0.1, 0.2})}}};
}

}  // namespace syncline::test
