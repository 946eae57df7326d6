#include "plan/pilot.hpp"

#include <algorithm>
#include <cmath>

#include "plan/expected_descent.hpp"
#include "plan/exponential_sum.hpp"
#include "syncline/error.hpp"
#include "trace/log_reader.hpp"

namespace syncline {
namespace {

constexpr std::size_t fewest_evaluations = 8;

/// How many times its own length a pilot's curve is continued.
constexpr double longest_extrapolation = 10;

std::vector<double> staleness_shares(const StalenessHistogram& histogram) {
  const auto& counts = histogram.counts();
  std::vector<double> shares;
  const auto total = static_cast<double>(histogram.total());
  for (const auto count : counts) shares.push_back(static_cast<double>(count) / total);
  return shares;
}

ModelConfig model_config(const nlohmann::ordered_json& json) {
  ModelConfig model;
  model.workload = json.at("workload");
  model.data = json.at("data");
  model.partition = json.at("partition");
  model.augmentation = json.at("augmentation");
  model.batch = json.at("batch");
  model.precision = json.at("precision");
  model.device = json.at("device");
  return model;
}

OptimizerConfig optimizer_config(const nlohmann::ordered_json& json) {
  OptimizerConfig optimizer;
  optimizer.name = json.at("name");
  optimizer.step_size = json.at("step_size");
  optimizer.weight_decay = json.at("weight_decay");
  optimizer.clip = json.at("clip");
  return optimizer;
}

/// The falling sequence nearest to the values in least squares: neighbours that rise are pooled.
std::vector<double> falling_fit(const std::vector<double>& values) {
  struct Pool {
    double sum = 0;
    std::size_t count = 0;
    [[nodiscard]] double mean() const { return sum / static_cast<double>(count); }
  };
  std::vector<Pool> pools;
  for (const double value : values) {
    pools.push_back({value, 1});
    while (pools.size() > 1 && pools.back().mean() > pools[pools.size() - 2].mean()) {
      const Pool last = pools.back();
      pools.pop_back();
      pools.back().sum += last.sum;
      pools.back().count += last.count;
    }
  }
  std::vector<double> fit;
  for (const Pool& pool : pools) fit.insert(fit.end(), pool.count, pool.mean());
  return fit;
}

}  // namespace

Pilot read_pilot(const std::filesystem::path& log, const std::string& metric) {
  const LoggedRun run = read_log(log);
  const std::string name = "the pilot '" + log.string() + "'";
  if (!run.config.contains("optimizer")) {
    throw DataError(name + " is the log of a simulation: the planner needs that of a training run");
  }
  for (const char* key : {"schedule", "rule", "scaling"}) {
    if (run.config.at("optimizer").at(key) == "constant") continue;
    throw ConfigError(name + " changed its step size as it went (optimizer." + key +
                      "); the planner needs one with a constant step size");
  }
  Pilot pilot;
  pilot.model = model_config(run.config.at("model"));
  pilot.optimizer = optimizer_config(run.config.at("optimizer"));
  pilot.step_size = pilot.optimizer.step_size;
  const auto& points = run.result.points;
  for (const EvaluationPoint& point : points) {
    const double value = metric_value(point.metrics, metric);
    if (!std::isfinite(point.metrics.train_loss) || !std::isfinite(value)) continue;
    const double descent = static_cast<double>(point.update) * pilot.step_size;
    if (!pilot.descent.empty() && descent <= pilot.descent.back()) continue;
    pilot.descent.push_back(descent);
    pilot.loss.push_back(point.metrics.train_loss);
    pilot.metric.push_back(value);
  }
  if (pilot.descent.size() < fewest_evaluations) {
    throw DataError(name + " has " + std::to_string(pilot.descent.size()) +
                    " evaluations of different versions with a " + metric + "; the planner needs " +
                    std::to_string(fewest_evaluations) + ": run it longer, or evaluate more often");
  }
  const auto updates = static_cast<double>(points.back().update);
  pilot.k = std::max(1.0, static_cast<double>(points.back().gradients) / updates);
  pilot.staleness = staleness_shares(run.result.staleness);
  pilot.mean_staleness = run.result.staleness.mean();
  return pilot;
}

std::optional<DescentNeeded> descent_to(const Pilot& pilot, double target) {
  const std::vector<double> falling = falling_fit(pilot.metric);
  for (std::size_t i = 0; i < falling.size(); ++i) {
    if (falling[i] > target) continue;
    if (i == 0) return DescentNeeded{pilot.descent[0], false};
    const double part = (falling[i - 1] - target) / (falling[i - 1] - falling[i]);
    return DescentNeeded{pilot.descent[i - 1] + part * (pilot.descent[i] - pilot.descent[i - 1]),
                         false};
  }
  const ExponentialSum curve = fit_exponential_sum(pilot.descent, pilot.metric);
  const double end = pilot.descent.back();
  double high = end;
  while (curve(high) > target && high < longest_extrapolation * end) high *= 1.1;
  if (curve(high) > target) return std::nullopt;
  double low = end;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (curve(middle) <= target ? high : low) = middle;
  }
  return DescentNeeded{high, true};
}

QuadraticModel model_of(const Pilot& pilot, const std::vector<Mode>& noise) {
  QuadraticModel model;
  model.source = "pilot run";
  std::vector<double> loss = pilot.loss;
  if (!noise.empty()) {
    QuadraticModel noise_only;
    noise_only.modes = noise;
    const ExpectedDescent added(noise_only, pilot.step_size, pilot.k, pilot.staleness);
    for (std::size_t i = 0; i < loss.size(); ++i) {
      loss[i] -= added.loss(pilot.descent[i] / pilot.step_size);
    }
  }
  // Along gradient flow a mode's share of the loss falls as exp(-2 curvature descent).
  const ExponentialSum curve = fit_exponential_sum(pilot.descent, loss);
  for (std::size_t i = 0; i < curve.rates.size(); ++i) {
    if (curve.weights[i] == 0) continue;
    if (curve.rates[i] == 0) {
      model.floor = curve.weights[i];
      continue;
    }
    const double curvature = curve.rates[i] / 2;
    model.modes.push_back({curvature, std::sqrt(2 * curve.weights[i] / curvature), 0});
  }
  if (model.modes.empty()) {
    throw DataError("the training loss of the pilot does not fall: nothing can be planned from it");
  }
  model.modes.insert(model.modes.end(), noise.begin(), noise.end());
  return model;
}

}  // namespace syncline
