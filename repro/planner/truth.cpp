#include "truth.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>

#include "base/summary.hpp"
#include "race/run_queue.hpp"
#include "syncline/train.hpp"

namespace syncline::proof {
namespace {

/// Slower than the best so far by this factor: of no interest.
constexpr double stopped_at = 1.3;
constexpr double first_limit = 3.0;  ///< times the planner's own best prediction
constexpr double evaluations = 150;  ///< until the predicted best time, where they are cheap
constexpr double costly_evaluations = 60;

/// Where runs are costly, who is predicted this many times slower than the best is not tried.
constexpr double never_tried = 2.0;

double predicted_time(const nlohmann::ordered_json& candidate) {
  const auto& time = candidate.at("time");
  return time.is_object() && time.at("value").is_number() ? time.at("value").get<double>() : 0;
}

Measured measure_candidate(RunQueue& queue, const Case& question,
                           const nlohmann::ordered_json& candidate, double limit, double interval) {
  Measured measured;
  measured.policy = candidate.at("policy");
  measured.step_size = candidate.at("step_size");
  measured.predicted = predicted_time(candidate);
  std::vector<RunConfig> runs;
  for (std::uint64_t seed = 0; seed < question.seeds; ++seed) {
    RunConfig run = question.plan.race.run;
    run.policy = measured.policy;
    run.optimizer.step_size = measured.step_size;
    run.seed = 1000 + seed;  // none that the planner used
    run.stop.time = limit;
    run.stop.evaluate_every = interval;
    runs.push_back(run);
  }
  std::vector<double> times;
  for (const RunResult& result : queue.run(runs, false)) {
    if (!result.target_time) return measured;
    times.push_back(*result.target_time);
  }
  const Summary summary = summarise(times);
  measured.mean = summary.mean;
  measured.standard_error = summary.standard_error;
  return measured;
}

/// Runs the pilots, all from the same start, and returns their logs.
std::vector<std::string> run_pilots(const Case& question) {
  std::vector<std::string> logs;
  for (const std::string& policy : question.pilots) {
    const std::string name = "syncline-planner-proof-" + std::to_string(logs.size()) + ".jsonl";
    RunConfig pilot = question.plan.race.run;
    pilot.policy = policy;
    pilot.seed = 77;
    pilot.stop.target = 0;
    pilot.stop.updates = question.pilot_updates;
    pilot.log = (std::filesystem::temp_directory_path() / name).string();
    static_cast<void>(train(pilot, {}));
    logs.push_back(pilot.log);
  }
  return logs;
}

bool faster(const Measured& a, const std::optional<Measured>& b) {
  return a.mean && (!b || *a.mean < *b->mean);
}

}  // namespace

Verdict judge_case(const Case& question) {
  Verdict verdict;
  verdict.name = question.name;
  PlanConfig config = question.plan;
  config.pilots = run_pilots(question);
  const auto begin = std::chrono::steady_clock::now();
  verdict.plan = plan(config, {});
  verdict.plan_seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();

  auto& candidates = verdict.plan.at("candidates");
  const auto& choice = verdict.plan.at("recommendation");
  double fastest_prediction = 0;
  for (auto& candidate : candidates) {
    candidate.erase("curve");
    const double time = predicted_time(candidate);
    if (time > 0 && (fastest_prediction == 0 || time < fastest_prediction)) {
      fastest_prediction = time;
    }
  }
  if (fastest_prediction == 0) return verdict;
  RunQueue queue(question.plan.race.run, {});
  const bool costly = !question.pilots.empty();
  const double interval = fastest_prediction / (costly ? costly_evaluations : evaluations);
  double limit = first_limit * fastest_prediction;
  for (const auto& candidate : candidates) {
    const bool recommended = candidate.at("policy") == choice.at("policy") &&
                             candidate.at("step_size") == choice.value("step_size", 0.0);
    const bool sync = candidate.at("policy") == "sync";
    const bool hopeless = predicted_time(candidate) > never_tried * fastest_prediction;
    if (costly && hopeless && !sync && !recommended) continue;
    // Sync and the recommended one are wanted whatever they take.
    const double patience =
        sync || recommended ? std::max(limit, 4 * predicted_time(candidate)) : limit;
    const Measured measured = measure_candidate(queue, question, candidate, patience, interval);
    if (faster(measured, verdict.best)) {
      verdict.best = measured;
      limit = std::min(limit, stopped_at * *measured.mean);
    }
    if (recommended) verdict.recommended = measured;
    if (sync && faster(measured, verdict.sync)) verdict.sync = measured;
    verdict.measured.push_back(measured);
  }
  if (verdict.best && verdict.recommended && verdict.recommended->mean) {
    const double error =
        std::hypot(verdict.best->standard_error, verdict.recommended->standard_error);
    verdict.hit = *verdict.recommended->mean <= 1.1 * *verdict.best->mean + 2 * error;
  }
  return verdict;
}

nlohmann::ordered_json to_json(const Verdict& verdict) {
  const auto one = [](const Measured& measured) {
    nlohmann::ordered_json json = {{"policy", measured.policy},
                                   {"step_size", measured.step_size},
                                   {"predicted", measured.predicted}};
    json["measured"] = measured.mean ? nlohmann::ordered_json(*measured.mean) : nullptr;
    json["standard_error"] = measured.standard_error;
    return json;
  };
  const auto maybe = [&](const std::optional<Measured>& measured) {
    return measured ? one(*measured) : nlohmann::ordered_json(nullptr);
  };
  nlohmann::ordered_json json = {{"case", verdict.name},
                                 {"hit", verdict.hit},
                                 {"plan_seconds", verdict.plan_seconds},
                                 {"recommended", maybe(verdict.recommended)},
                                 {"best", maybe(verdict.best)},
                                 {"sync", maybe(verdict.sync)},
                                 {"reason", verdict.plan.at("recommendation").at("reason")}};
  // Those that were stopped as too slow, or diverged, are only counted.
  json["tried"] = verdict.measured.size();
  json["candidates"] = nlohmann::ordered_json::array();
  for (const Measured& measured : verdict.measured) {
    if (measured.mean) json["candidates"].push_back(one(measured));
  }
  return json;
}

}  // namespace syncline::proof
