#include "syncline/race.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <optional>
#include <set>

#include <nlohmann/json.hpp>

#include "race/halving.hpp"
#include "race/setting.hpp"
#include "syncline/error.hpp"
#include "syncline/line_up.hpp"
#include "syncline/version.hpp"
#include "trace/config_json.hpp"
#include "trace/document.hpp"

namespace syncline {
namespace {

using Json = nlohmann::ordered_json;

/// The configuration with sync in front: it is the reference of every speed-up.
RaceConfig checked(RaceConfig config) {
  if (config.policies == std::vector<std::string>{"all"}) {
    config.policies = usual_policies(config.run.fleet.workers, config.run.stop.time);
  }
  if (config.policies.empty()) throw ConfigError("a race needs race.policies");
  if (config.seeds == 0) throw ConfigError("race.seeds must be at least 1");
  if (config.run.stop.target <= 0) throw ConfigError("a race needs stop.target");
  if (config.run.stop.time <= 0) {
    throw ConfigError("a race needs stop.time, the virtual time that every policy gets");
  }
  if (config.step_sizes != "same" && config.step_sizes != "tuned" && config.step_sizes != "both") {
    throw ConfigError("race.step_sizes must be same, tuned or both, not '" + config.step_sizes +
                      "'");
  }
  if (config.step_sizes != "same") {
    if (config.step_size_grid.empty()) throw ConfigError("race.step_size_grid is empty");
    if (config.tuning_seeds == 0) throw ConfigError("race.tuning_seeds must be at least 1");
    for (const double multiple : config.step_size_grid) {
      if (!std::isfinite(multiple) || multiple <= 0) {
        throw ConfigError("race.step_size_grid holds multiples above 0");
      }
    }
  }
  config.run.log.clear();
  config.run.checkpoint.clear();
  config.run.resume.clear();
  std::erase(config.policies, "sync");
  config.policies.insert(config.policies.begin(), "sync");
  const std::set<std::string> distinct(config.policies.begin(), config.policies.end());
  if (distinct.size() != config.policies.size()) {
    throw ConfigError("race.policies names a policy twice");
  }
  return config;
}

std::string target_text(const StopConfig& stop) {
  char text[64];
  const char* split = stop.metric.starts_with("test") ? "test" : "training";
  if (stop.metric.ends_with("_error")) {
    std::snprintf(text, sizeof text, "%.3g %% %s error", 100 * stop.target, split);
  } else {
    std::snprintf(text, sizeof text, "a %s loss of %.4g", split, stop.target);
  }
  return text;
}

Json interval_json(const std::optional<Interval>& interval, const char* middle) {
  if (!interval) return nullptr;
  return {{middle, interval->mean}, {"lower", interval->lower}, {"upper", interval->upper}};
}

Json setting_json(const RaceConfig& config, const SettingResult& result, const char* name,
                  const Json& tuning) {
  const Verdict verdict = judge(result.entrants, target_text(config.run.stop));
  const auto text_or_null = [](const std::optional<std::string>& text) {
    return text ? Json(*text) : Json(nullptr);
  };
  Json setting;
  setting["step_sizes"] = name;
  setting["tuning"] = tuning;
  setting["grid"] = {
      {"interval", result.grid_interval},
      {"points_before_sync_target",
       result.points_before_sync_target ? Json(*result.points_before_sync_target) : Json(nullptr)}};
  setting["verdict"] = {{"winner", text_or_null(verdict.winner)},
                        {"leader", text_or_null(verdict.leader)},
                        {"text", verdict.text},
                        {"runner_up", text_or_null(verdict.runner_up)},
                        {"difference", interval_json(verdict.difference, "mean")}};
  setting["policies"] = Json::array();
  const auto sync_times = target_times(result.entrants.front());
  for (const Entrant& entrant : result.entrants) {
    if (entrant.empty()) continue;
    Json policy = policy_json(entrant);
    const auto times = target_times(entrant);
    if (verdict.leader && sync_times && times) {
      policy["speedup_vs_sync"] = interval_json(speed_up(*sync_times, *times), "value");
    }
    setting["policies"].push_back(std::move(policy));
  }
  return setting;
}

/// Drops the hopeless, runs the others, judges.
Json race_of(RunQueue& queue, const RaceConfig& config, const std::vector<PolicyChoice>& choices,
             const char* name, const Json& tuning) {
  Json halving;
  const auto kept = halve(queue, config, choices, halving);
  Json setting = setting_json(config, run_setting(queue, config, kept), name, tuning);
  if (!halving.is_null()) setting["halving"] = std::move(halving);
  return setting;
}

}  // namespace

nlohmann::ordered_json race(const RaceConfig& given, const Progress& progress) {
  const auto begin = std::chrono::steady_clock::now();
  const RaceConfig config = checked(given);
  const bool same = config.step_sizes != "tuned";
  const bool tuned = config.step_sizes != "same";
  RunQueue queue(config.run, progress);
  for (const std::string& policy : config.policies) {
    RunConfig run = config.run;
    run.policy = policy;
    if (const auto warning = queue.check(run)) progress.warning(*warning);
  }
  if (same) queue.expect(setting_runs(config));
  if (tuned) queue.expect(setting_runs(config) + tuning_runs(config));

  Json settings = Json::array();
  // Of one that was interrupted before its first run there is nothing to say.
  const auto add = [&](Json setting) {
    if (!setting.at("policies").empty()) settings.push_back(std::move(setting));
  };
  if (same) {
    std::vector<PolicyChoice> choices;
    for (const std::string& policy : config.policies) {
      choices.push_back({policy, config.run.optimizer.step_size});
    }
    add(race_of(queue, config, choices, "same", nullptr));
  }
  if (tuned && !progress.stop()) {
    Json tuning;
    const auto choices = tune(queue, config, tuning);
    if (!progress.stop()) add(race_of(queue, config, choices, "tuned", tuning));
  }

  Json document;
  document["schema"] = 1;
  document["kind"] = "race";
  document["title"] = config.title;
  document["version"] = version;
  document["command"] = "";
  document["config"] = to_json(config);
  document["seconds"] =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  document["interrupted"] = progress.stop();
  document["workers"] = config.run.fleet.workers;
  document["target"] = {{"metric", config.run.stop.metric}, {"value", config.run.stop.target}};
  document["grid"] = settings.empty()
                         ? Json{{"interval", nullptr}, {"points_before_sync_target", nullptr}}
                         : settings.front().at("grid");
  document["seeds"] = Json::array();
  for (std::uint64_t i = 0; i < config.seeds; ++i) {
    document["seeds"].push_back(config.run.seed + i);
  }
  document["settings"] = std::move(settings);
  return document;
}

}  // namespace syncline
