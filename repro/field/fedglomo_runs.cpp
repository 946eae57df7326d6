#include "field/fedglomo_runs.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "base/summary.hpp"
#include "record.hpp"
#include "syncline/train.hpp"
#include "trace/config_json.hpp"
#include "trial.hpp"

namespace syncline::repro {
namespace {

constexpr double evaluations = 25;
constexpr std::uint64_t tuning_seed = 1, first_seed = 11;

std::vector<double> step_sizes(Scale scale) {
  return scale == Scale::full ? std::vector{0.0125, 0.025, 0.05, 0.1, 0.2}
                              : std::vector{0.025, 0.1};
}

/// A gradient takes one unit of time, so a budget is a time.
double time_of(const FedMethod& method, FedBudget budget) {
  const int gradients = budget == FedBudget::rounds
                            ? method.gradients
                            : std::max_element(fed_methods().begin(), fed_methods().end(),
                                               [](const FedMethod& a, const FedMethod& b) {
                                                 return a.gradients < b.gradients;
                                               })
                                  ->gradients;
  return gradients * fed_rounds;
}

std::string part_name(const FedMethod& method, FedBudget budget) {
  return method.key + "-" + std::to_string(std::lround(time_of(method, budget)) * fed_clients);
}

RunConfig config_of(const FedMethod& method, FedBudget budget, Scale scale) {
  RunConfig config;
  config.policy = method.policy;
  config.threads = 1;
  config.fleet.workers = 50;
  config.fleet.delay = "constant(value=1)";
  config.model.workload = "mlp(hidden=64)";
  config.model.data = "fashion-mnist";
  config.model.partition = "dirichlet(alpha=0.1)";
  config.model.batch = 64;
  config.stop.time = time_of(method, budget) / (scale == Scale::full ? 1 : 10);
  config.stop.evaluate_every = config.stop.time / evaluations;
  config.stop.evaluation_samples = 5000;
  return config;
}

Json curve_of(RunConfig config, double step_size, std::uint64_t seed, const Progress& progress) {
  config.optimizer.step_size = step_size;
  config.seed = seed;
  Progress quiet;
  quiet.interrupted = progress.interrupted;
  return train(config, quiet).at("settings").at(0).at("policies").at(0).at("curves").at(0);
}

/// The mean of the test errors in the last fifth; infinite where the run broke off before.
double late_error(const Json& errors) {
  const auto all = static_cast<std::size_t>(evaluations) + 1;
  if (errors.size() < all) return INFINITY;
  double sum = 0;
  for (std::size_t i = all - all / 5; i < all; ++i) {
    sum += errors.at(i).is_null() ? INFINITY : errors.at(i).get<double>();
  }
  return sum / static_cast<double>(all / 5);
}

Json compute(const RunConfig& config, const std::string& name, Scale scale, std::uint64_t seeds,
             const Progress& progress) {
  const std::vector<double> sizes = step_sizes(scale);
  const double all = static_cast<double>(sizes.size() + seeds);
  double done = 0, best = sizes.front(), best_error = INFINITY;
  Json tuning = Json::array();
  for (const double size : sizes) {
    progress.report(name, done++ / all);
    const double error = late_error(curve_of(config, size, tuning_seed, progress).at("test_error"));
    if (progress.stop()) return {};
    tuning.push_back({size, rounded(error)});
    if (error < best_error) best = size;
    best_error = std::min(best_error, error);
  }
  Json curves = Json::array();
  for (std::uint64_t seed = first_seed; seed < first_seed + seeds; ++seed) {
    progress.report(name, done++ / all);
    const Json curve = curve_of(config, best, seed, progress);
    if (progress.stop()) return {};
    Json errors = Json::array();
    for (const Json& error : curve.at("test_error")) errors.push_back(rounded(error.get<double>()));
    curves.push_back({{"seed", seed},
                      {"gradients", curve.at("compute")},
                      {"round", curve.at("update")},
                      {"test_error", std::move(errors)}});
  }
  return {{"step_size", best}, {"tuning", tuning}, {"curves", curves}};
}

/// Test error against a column of the curves; all seeds were evaluated at the same times.
std::vector<Point> mean_against(const Json& curves, const char* column) {
  std::vector<Point> points;
  for (std::size_t i = 0; i < curves.at(0).at(column).size(); ++i) {
    std::vector<double> errors;
    for (const Json& curve : curves) errors.push_back(curve.at("test_error").at(i).get<double>());
    const Summary error = summarise(errors);
    points.push_back({curves.at(0).at(column).at(i).get<double>(), error.mean,
                      error.mean - error.standard_error, error.mean + error.standard_error});
  }
  return points;
}

}  // namespace

const std::vector<FedMethod>& fed_methods() {
  static const std::vector<FedMethod> all = {
      {"fedavg", "FedAvg", "fedavg(steps=10, clients=10)", 10, color::sync},
      {"fedavg-momentum", "FedAvg, local momentum 0.9",
       "fedavg(steps=10, clients=10, momentum=0.9)", 10, color::k_async},
      {"fedlomo", "FedLOMO", "fedlomo(steps=10, clients=10, damping=0.8)", 19, color::k2},
      {"fedglomo", "FedGLOMO", "fedglomo(steps=10, clients=10, damping=0.8)", 38,
       color::k_batch_async}};
  return all;
}

const FedMethod& fed_method(const std::string& key) {
  return *std::find_if(fed_methods().begin(), fed_methods().end(),
                       [&](const FedMethod& method) { return method.key == key; });
}

std::vector<Part> fedglomo_parts(Scale scale) {
  const std::uint64_t seeds = scale == Scale::full ? 5 : 2;
  std::vector<Part> parts;
  std::set<std::string> names;
  for (const FedBudget budget : {FedBudget::gradients, FedBudget::rounds}) {
    for (const FedMethod& method : fed_methods()) {
      const std::string name = part_name(method, budget);
      if (!names.insert(name).second) continue;
      const RunConfig config = config_of(method, budget, scale);
      Json settings = to_json(config);
      settings["seeds"] = seeds;
      settings["step_sizes"] = step_sizes(scale);
      parts.push_back({name, std::move(settings), [=](const Progress& progress) {
                         return compute(config, name, scale, seeds, progress);
                       }});
    }
  }
  return parts;
}

std::optional<FedScore> fed_score(const Results& results, const FedMethod& method,
                                  FedBudget budget) {
  const auto found = results.parts.find(part_name(method, budget));
  if (found == results.parts.end()) return std::nullopt;
  const Json& curves = found->second.at("curves");
  FedScore score;
  found->second.at("step_size").get_to(score.step_size);
  for (const Json& curve : curves) score.errors.push_back(100 * late_error(curve.at("test_error")));
  score.by_gradients = mean_against(curves, "gradients");
  score.by_rounds = mean_against(curves, "round");
  return score;
}

}  // namespace syncline::repro
