#include "trial.hpp"

#include <cmath>

#include "curves.hpp"
#include "syncline/theory.hpp"
#include "words.hpp"

namespace syncline::repro {
namespace {

std::string run_name(const Trial& trial, std::size_t seed) {
  return trial.key + "-seed-" + std::to_string(seed);
}

double number_or_nan(const Json& json) {
  return json.is_null() ? std::nan("") : json.get<double>();
}

}  // namespace

std::vector<Run> seed_by_seed(const std::vector<Trial>& trials, std::uint64_t seeds) {
  std::vector<Run> runs;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    for (const Trial& trial : trials) {
      runs.push_back({run_name(trial, seed), trial.config});
      runs.back().config.seed = seed;
    }
  }
  return runs;
}

double update_time(const RunConfig& config) {
  const auto point = variant_point(config.policy, config.fleet.workers);
  const DelayProfile fleet = DelayProfile::parse(config.fleet.delay, config.fleet.workers);
  return runtime_per_update(point.value(), fleet).value;
}

std::vector<std::vector<double>> by_seed(const Results& results, const std::vector<Trial>& trials,
                                         const Measure& measure) {
  std::vector<std::vector<double>> values(trials.size());
  for (std::size_t seed = 1; seed <= results.runs.size(); ++seed) {
    std::vector<double> round;
    for (const Trial& trial : trials) {
      const auto found = results.runs.find(run_name(trial, seed));
      const double value = found == results.runs.end() ? std::nan("") : measure(found->second);
      if (std::isfinite(value)) round.push_back(value);
    }
    if (round.size() < trials.size()) continue;
    for (std::size_t i = 0; i < round.size(); ++i) values[i].push_back(round[i]);
  }
  return values;
}

std::string mean_text(const Results& results, const Trial& trial, const Measure& measure) {
  return with_error(summarise(by_seed(results, {trial}, measure).front()));
}

double value_at(const Json& record, const char* along, double x, const char* metric) {
  const Json& positions = record.at("curve").at(along);
  const Json& values = record.at("curve").at(metric);
  for (std::size_t i = 0; i < positions.size(); ++i) {
    const double here = number_or_nan(positions[i]);
    // Records have six digits.
    if (std::abs(here - x) <= 1e-5 * std::abs(x)) return number_or_nan(values[i]);
    if (here < x || i == 0) continue;
    const double before = number_or_nan(positions[i - 1]), share = (x - before) / (here - before);
    return (1 - share) * number_or_nan(values[i - 1]) + share * number_or_nan(values[i]);
  }
  return std::nan("");
}

Measure loss_at(const char* along, double x) {
  return [=](const Json& record) { return value_at(record, along, x, "train_loss"); };
}

double mean_between(const Json& record, const char* along, double from, double to,
                    const char* metric) {
  const Json& positions = record.at("curve").at(along);
  const Json& values = record.at("curve").at(metric);
  if (positions.empty() || positions.back().get<double>() < to) return std::nan("");
  double sum = 0, count = 0;
  for (std::size_t i = 0; i < positions.size(); ++i) {
    const double here = positions[i];
    if (here < from || here > to) continue;
    sum += number_or_nan(values[i]);
    ++count;
  }
  return sum / count;
}

std::vector<Series> mean_series(const Results& results, const std::vector<Trial>& trials,
                                const char* x, const char* y, double (*of)(double)) {
  std::vector<Series> series;
  for (const Trial& trial : trials) {
    const auto runs = seeds_of(results, trial.key);
    if (!runs.empty()) series.push_back({trial.title, trial.color, mean_curve(runs, x, y, of)});
  }
  return series;
}

}  // namespace syncline::repro
