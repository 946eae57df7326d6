#include "law_map_race.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>

#include "base/summary.hpp"
#include "plan/candidate.hpp"
#include "plan/fleet_theory.hpp"
#include "race/run_queue.hpp"
#include "record.hpp"

namespace syncline::repro::law_map {
namespace {

/// What sync needs at the base step, roughly; others need more updates. Only the grids of
/// evaluations and the first limits rest on it.
constexpr double fewest_updates = 260;

/// Evaluations in the time of so many updates; in tuning half of them.
constexpr double evaluations = 80;

/// Limits where no best time is known yet, in the same unit.
constexpr double first_limit = 10;
constexpr double sync_limit = 20;

/// A step size that takes longer than the best of its policy by this factor is not that one.
constexpr double own_patience = 1.5;

/// Who was slower than the best in tuning by this factor is not raced.
constexpr double raced_within = 2;

constexpr std::uint64_t first_tuning_seed = 1'000'001;

struct Entry {
  std::string policy;
  double period = 0;  ///< time per update, by theory
  double step = base_step;
  double limit = 0;
  double interval = 0;

  [[nodiscard]] bool is_sync() const { return policy == "sync"; }
  /// Time in which sync would arrive at this step size, made of this policy's updates.
  [[nodiscard]] double unit() const { return period * fewest_updates * base_step / step; }
};

struct Outcome {
  std::vector<std::optional<double>> times;
  std::vector<double> updates;  ///< of those that arrived

  /// Over all seeds or none.
  [[nodiscard]] double mean() const {
    double sum = 0;
    for (const auto& time : times) sum += time.value_or(INFINITY);
    return times.empty() ? INFINITY : sum / static_cast<double>(times.size());
  }
};

class CellRace {
 public:
  CellRace(const FleetConfig& fleet, const Rules& rules, const Progress& progress)
      : rules_(rules), base_(with(fleet)), queue_(base_, silent(progress)) {
    FleetTheory theory(std::make_shared<const FleetTiming>(fleet, message_bytes));
    for (const VariantPoint& point : candidates(fleet.workers)) {
      entries_.push_back({policy_text(point, fleet.workers), theory.at(point).runtime.value});
    }
  }

  Json same() {
    double best = INFINITY;
    Json result = Json::array();
    for (Entry entry : entries_) {
      entry.interval = entry.unit() / evaluations;
      entry.limit = limit(entry, best);
      const Outcome outcome = run(entry, 1, rules_.seeds);
      best = std::min(best, outcome.mean());
      result.push_back(json(entry, outcome));
    }
    return result;
  }

  Json tuned(Json& tuning) {
    std::vector<std::pair<Entry, double>> choices;
    double best = INFINITY;
    tuning = Json::array();
    for (const Entry& entry : entries_) {
      choices.push_back(tune(entry, best, tuning));
      best = std::min(best, choices.back().second);
    }
    Json result = Json::array();
    for (auto& [entry, time] : choices) {
      const bool wanted = entry.is_sync() || entry.policy == "async";
      const bool raced = std::isfinite(time) && (wanted || time <= raced_within * best);
      entry.limit = raced ? patience * time : std::min(patience * best, first_limit * entry.unit());
      // Several evaluations of one version would be no evidence for each other.
      entry.interval = std::max(time / evaluations, entry.period / 2);
      result.push_back(json(entry, raced ? run(entry, 1, rules_.seeds) : Outcome()));
    }
    return result;
  }

 private:
  static RunConfig with(const FleetConfig& fleet) {
    RunConfig config = workload();
    config.fleet = fleet;
    return config;
  }

  static Progress silent(const Progress& progress) {
    Progress own;
    own.interrupted = progress.interrupted;
    return own;
  }

  static double limit(const Entry& entry, double best) {
    if (entry.is_sync()) return sync_limit * entry.unit();
    return std::min(patience * best, first_limit * entry.unit());
  }

  Outcome run(const Entry& entry, std::uint64_t first_seed, std::uint64_t seeds) {
    std::vector<RunConfig> runs(seeds, base_);
    for (RunConfig& run : runs) {
      run.policy = entry.policy;
      run.optimizer.step_size = entry.step;
      run.seed = first_seed++;
      run.stop.time = entry.limit;
      run.stop.evaluate_every = entry.interval;
    }
    Outcome outcome;
    for (const RunResult& result : queue_.run(runs, false)) {
      outcome.times.push_back(result.target_time);
      for (const EvaluationPoint& point : result.points) {
        if (point.time == result.target_time) {
          outcome.updates.push_back(static_cast<double>(point.update));
        }
      }
    }
    return outcome;
  }

  /// The best step size on the tuning seeds and its mean time, infinite if none arrived.
  std::pair<Entry, double> tune(Entry entry, double best, Json& tuning) {
    Entry choice = entry;
    double own = INFINITY;
    for (const double step : rules_.steps) {
      entry.step = step;
      entry.interval = entry.unit() / (evaluations / 2);
      entry.limit = std::min(limit(entry, best), own_patience * own);
      const double time = run(entry, first_tuning_seed, rules_.tuning_seeds).mean();
      tuning.push_back({{"policy", entry.policy}, {"step_size", step}, {"time", rounded(time)}});
      if (time >= own) continue;
      own = time;
      choice = entry;
    }
    return {choice, own};
  }

  static Json json(const Entry& entry, const Outcome& outcome) {
    Json times = Json::array();
    for (const auto& time : outcome.times) times.push_back(time ? rounded(*time) : Json(nullptr));
    const Summary updates = summarise(outcome.updates);
    return {{"policy", entry.policy},
            {"step_size", entry.step},
            {"limit", rounded(entry.limit)},
            {"times", times},
            {"updates", updates.count > 0 ? rounded(updates.mean) : Json(nullptr)}};
  }

  const Rules& rules_;
  RunConfig base_;
  RunQueue queue_;
  std::vector<Entry> entries_;
};

}  // namespace

RunConfig workload() {
  RunConfig config;
  config.model.workload = "softmax(lambda=0.01)";
  config.model.data = "mnist";
  config.model.batch = 4;
  config.optimizer.step_size = base_step;
  config.stop.metric = "train_loss";
  config.stop.target = 0.55;
  config.stop.evaluation_samples = 500;
  return config;
}

Rules rules(Scale scale) {
  if (scale == Scale::quick) return {4, 1, {0.01, 0.02, 0.005, 0.04}};
  return {8, 3, {0.01, 0.02, 0.005, 0.04, 0.0025, 0.08, 0.16}};
}

std::vector<VariantPoint> candidates(std::uint32_t workers) {
  using enum VariantFamily;
  std::vector<VariantPoint> points;
  // Likely winners first, so that limits are short soon.
  for (const std::uint64_t k : {workers / 4, workers / 2}) {
    if (k < 2) continue;
    for (const VariantFamily family : {k_async, k_batch_async, k_batch_sync, k_sync}) {
      points.push_back({family, k});
    }
  }
  points.push_back({k_sync, 1});
  points.push_back({k_async, 1});
  points.push_back({k_sync, workers});
  return points;
}

Json race_cell(const FleetConfig& fleet, const Rules& rules, const Progress& progress) {
  CellRace race(fleet, rules, progress);
  Json result;
  result["same"] = race.same();
  Json tuning;
  result["tuned"] = race.tuned(tuning);
  result["tuning"] = tuning;
  return result;
}

}  // namespace syncline::repro::law_map
