#include "trace/document.hpp"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

#include "base/summary.hpp"
#include "syncline/version.hpp"

namespace syncline {
namespace {

using Json = nlohmann::ordered_json;

/// JSON has no NaN: a quantity that does not exist is null.
Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json mean_json(const std::vector<double>& values) {
  const Summary summary = summarise(values);
  if (summary.count == 0) return {{"mean", nullptr}, {"stderr", nullptr}};
  return {{"mean", number(summary.mean)},
          {"stderr", summary.count < 2 ? Json(nullptr) : number(summary.standard_error)}};
}

Json target_json(const std::vector<RunResult>& runs) {
  std::vector<double> times;
  Json per_seed = Json::array();
  for (const RunResult& run : runs) {
    per_seed.push_back(run.target_time ? Json(*run.target_time) : Json(nullptr));
    if (run.target_time) times.push_back(*run.target_time);
  }
  // A mean over the seeds that made it would flatter a policy that misses: all or none.
  const bool all = times.size() == runs.size();
  Json json = mean_json(all ? times : std::vector<double>());
  json["reached"] = times.size();
  json["runs"] = runs.size();
  json["per_seed"] = std::move(per_seed);
  return json;
}

Json curve_json(const RunResult& run) {
  Json time = Json::array(), update = Json::array(), compute = Json::array();
  Json test_error = Json::array(), test_loss = Json::array();
  Json train_loss = Json::array(), train_error = Json::array();
  for (const EvaluationPoint& point : run.points) {
    time.push_back(point.time);
    update.push_back(point.update);
    compute.push_back(point.compute);
    test_error.push_back(number(point.metrics.test_error));
    test_loss.push_back(number(point.metrics.test_loss));
    train_loss.push_back(number(point.metrics.train_loss));
    train_error.push_back(number(point.metrics.train_error));
  }
  return {{"seed", run.seed},         {"time", time},
          {"update", update},         {"compute", compute},
          {"test_error", test_error}, {"test_loss", test_loss},
          {"train_loss", train_loss}, {"train_error", train_error}};
}

Json timeline_json(const Timeline& timeline) {
  static constexpr const char* kinds[] = {"compute", "idle", "cancelled"};
  Json spans = Json::array();
  for (const TimelineSpan& span : timeline.spans) {
    spans.push_back({span.worker, kinds[static_cast<int>(span.kind)], span.begin, span.end});
  }
  Json arrows = Json::array();
  for (const TimelineArrow& arrow : timeline.arrows) {
    arrows.push_back({arrow.worker, arrow.push, arrow.update, arrow.staleness});
  }
  return {{"workers", timeline.workers},
          {"from", timeline.from},
          {"to", timeline.to},
          {"spans", spans},
          {"arrows", arrows}};
}

/// The last values of a run: on the full splits, or of its last evaluation.
Metrics last_metrics(const RunResult& run) {
  if (run.final_metrics) return *run.final_metrics;
  if (!run.points.empty()) return run.points.back().metrics;
  return {std::nan(""), std::nan(""), std::nan("")};
}

void add(Account& sum, const Account& account) {
  sum.started += account.started;
  sum.computed += account.computed;
  sum.applied += account.applied;
  sum.dropped += account.dropped;
  sum.held += account.held;
  sum.cancelled += account.cancelled;
  sum.in_flight += account.in_flight;
  sum.lost += account.lost;
}

template <class Get>
Json mean_over(const std::vector<RunResult>& runs, Get&& get) {
  std::vector<double> values;
  for (const RunResult& run : runs) values.push_back(get(run));
  return mean_json(values);
}

/// Figures that are sums or means over the seeds.
void add_totals(Json& json, const std::vector<RunResult>& runs) {
  Account account;
  std::vector<std::uint64_t> histogram;
  std::vector<std::uint64_t> contributions(runs.front().contributions.size(), 0);
  double staleness = 0, gradients = 0, idle = 0, cancelled = 0, updates = 0;
  const auto n = static_cast<double>(runs.size());
  for (const RunResult& run : runs) {
    add(account, run.account);
    const auto& counts = run.staleness.counts();
    histogram.resize(std::max(histogram.size(), counts.size()), 0);
    for (std::size_t i = 0; i < counts.size(); ++i) histogram[i] += counts[i];
    for (std::size_t i = 0; i < contributions.size(); ++i) contributions[i] += run.contributions[i];
    staleness += static_cast<double>(run.staleness.sum());
    gradients += static_cast<double>(run.staleness.total());
    idle += run.idle_fraction / n;
    cancelled += run.cancelled_time_fraction / n;
    updates += static_cast<double>(run.updates) / n;
  }
  json["updates"] = updates;
  json["gradients"] = to_json(account);
  json["staleness_mean"] = gradients > 0 ? staleness / gradients : 0;
  json["staleness_histogram"] = histogram;
  json["idle_fraction"] = idle;
  json["cancelled_time_fraction"] = cancelled;
  json["contributions"] = contributions;
}

}  // namespace

const char* outcome_name(Outcome outcome) {
  static constexpr const char* names[] = {"finished", "target", "diverged", "interrupted"};
  return names[static_cast<int>(outcome)];
}

nlohmann::ordered_json to_json(const Account& account) {
  return {{"started", account.started},     {"computed", account.computed},
          {"applied", account.applied},     {"dropped", account.dropped},
          {"held", account.held},           {"cancelled", account.cancelled},
          {"in_flight", account.in_flight}, {"lost", account.lost}};
}

nlohmann::ordered_json policy_json(const std::vector<RunResult>& runs) {
  const RunResult& first = runs.front();
  Json json;
  json["policy"] = first.policy;
  json["step_size"] = first.step_size;
  json["time_to_target"] = target_json(runs);
  json["speedup_vs_sync"] = nullptr;
  json["final_error"] =
      mean_over(runs, [](const RunResult& run) { return last_metrics(run).test_error; });
  json["final_loss"] =
      mean_over(runs, [](const RunResult& run) { return last_metrics(run).test_loss; });
  add_totals(json, runs);
  json["diverged"] = Json::array();
  json["curves"] = Json::array();
  for (const RunResult& run : runs) {
    if (run.diverged_at) {
      json["diverged"].push_back({{"seed", run.seed}, {"update", *run.diverged_at}});
    }
    json["curves"].push_back(curve_json(run));
  }
  json["timeline"] = timeline_json(first.timeline);
  json["k"] = nullptr;
  if (first.k.size() > 1) {
    json["k"] = Json::array();
    for (const auto& [time, k] : first.k) json["k"].push_back({time, k});
  }
  json["k_changes"] = Json::array();
  for (const KChange& change : first.k_changes) {
    Json reasons = Json::object();
    for (const auto& [name, value] : change.reasons) reasons[name] = number(value);
    json["k_changes"].push_back({{"time", change.time},
                                 {"from", change.from},
                                 {"to", change.to},
                                 {"reasons", reasons},
                                 {"text", explain(change)}});
  }
  json["notes"] = Json::array();
  for (const auto& [time, text] : first.notes) {
    json["notes"].push_back({{"time", time}, {"text", text}});
  }
  return json;
}

nlohmann::ordered_json run_document(const nlohmann::ordered_json& config, const RunResult& run) {
  std::string text = run.policy + " made " + std::to_string(run.updates) + " updates.";
  if (run.diverged_at) {
    text = run.policy + " diverged: the loss was no longer a number at update " +
           std::to_string(*run.diverged_at) + ".";
  }
  const Json& stop = config.at("stop");
  Json document;
  document["schema"] = 1;
  document["kind"] = "run";
  document["title"] = run.policy;
  document["version"] = version;
  document["command"] = "";
  document["config"] = config;
  document["outcome"] = outcome_name(run.outcome);
  document["target_reached"] = run.target_time.has_value();
  document["updates"] = run.updates;
  document["elapsed"] = run.elapsed;
  document["seconds"] = run.seconds;
  document["evaluation_seconds"] = run.evaluation_seconds;
  document["peak_snapshots"] = run.peak_snapshots;
  document["interrupted"] = run.outcome == Outcome::interrupted;
  if (!run.log_error.empty()) document["log_error"] = run.log_error;
  document["workers"] = run.workers;
  document["target"] = nullptr;
  if (stop.at("target") > 0) {
    document["target"] = {{"metric", stop.at("metric")}, {"value", stop.at("target")}};
  }
  document["grid"] = {{"interval", stop.at("evaluate_every")},
                      {"points_before_sync_target", nullptr}};
  document["seeds"] = {run.seed};
  document["settings"] = Json::array();
  document["settings"].push_back(
      {{"step_sizes", "given"},
       {"tuning", nullptr},
       {"verdict",
        {{"winner", nullptr}, {"text", text}, {"runner_up", nullptr}, {"difference", nullptr}}},
       {"policies", Json::array({policy_json({run})})}});
  return document;
}

}  // namespace syncline
