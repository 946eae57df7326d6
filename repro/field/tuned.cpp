#include "field/tuned.hpp"

#include <algorithm>
#include <cmath>

#include "syncline/train.hpp"
#include "words.hpp"

namespace syncline::repro {
namespace {

/// Evaluations up to the limit: they cost little here, and a coarse grid would round short times.
constexpr double evaluations = 4000;

RunConfig run_of(const FieldRace& race, const std::string& policy, double step_size,
                 std::uint64_t seed) {
  RunConfig config = race.base;
  config.policy = policy;
  config.optimizer.step_size = step_size;
  config.seed = seed;
  config.threads = 1;
  config.stop.metric = "test_loss";
  config.stop.evaluate_every = config.stop.time / (race.compares_times() ? evaluations : 100);
  return config;
}

/// Smaller is better; infinite where the target was missed or the run diverged.
double value_of(const FieldRace& race, const RunConfig& config, const Progress& progress) {
  Progress quiet;
  quiet.interrupted = progress.interrupted;
  const Json document = train(config, quiet);
  const Json& policy = document.at("settings").at(0).at("policies").at(0);
  if (race.compares_times()) {
    const Json& time = policy.at("time_to_target").at("mean");
    return time.is_null() ? INFINITY : time.get<double>();
  }
  if (document.at("outcome") == "diverged") return INFINITY;
  const Json& losses = policy.at("curves").at(0).at("test_loss");
  double sum = 0;
  const std::size_t count = std::max<std::size_t>(1, losses.size() / 5);
  for (std::size_t i = losses.size() - count; i < losses.size(); ++i) {
    sum += losses[i].is_null() ? INFINITY : losses[i].get<double>();
  }
  return sum / static_cast<double>(count);
}

Json settings_of(const FieldRace& race, const Entry& entry) {
  const std::string& delay = race.base.fleet.delay;
  constexpr std::size_t longest = 200;  // thousands of constant times have one text each
  Json settings = {{"policies", entry.policies},
                   {"step_sizes", race.step_sizes},
                   {"seeds", race.seeds},
                   {"workload", race.base.model.workload},
                   {"workers", race.base.fleet.workers},
                   {"delay", delay.size() <= longest ? delay : delay.substr(0, longest) + "..."},
                   {"target", race.base.stop.target},
                   {"time", race.base.stop.time}};
  if (race.base.fleet.latency > 0) settings["latency"] = race.base.fleet.latency;
  return settings;
}

Json compute(const FieldRace& race, const Entry& entry, const Progress& progress) {
  Json best;
  double best_value = INFINITY;
  double tried = 0;
  const auto all = static_cast<double>(entry.policies.size() * race.step_sizes.size());
  for (const std::string& policy : entry.policies) {
    for (const double step_size : race.step_sizes) {
      if (progress.stop()) return {};
      progress.report(race.id + ", " + entry.name, tried++ / all);
      RunConfig config = run_of(race, policy, step_size, 1);
      // Who is slower than the best so far need not be run to its end. The grid stays.
      if (race.compares_times()) {
        config.stop.time = std::min(race.base.stop.time, 1.01 * best_value);
      }
      const double value = value_of(race, config, progress);
      if (!(value < best_value)) continue;
      best_value = value;
      best = {{"policy", policy}, {"step_size", step_size}};
    }
  }
  Json values = Json::array();
  bool missed = false;
  for (std::uint64_t seed = 11; !best.is_null() && seed < 11 + race.seeds; ++seed) {
    const double value =
        value_of(race, run_of(race, best.at("policy"), best.at("step_size"), seed), progress);
    missed = missed || !std::isfinite(value);
    values.push_back(std::isfinite(value) ? value : race.base.stop.time);
  }
  return {{"best", best}, {"values", values}, {"missed", missed}};
}

}  // namespace

std::string part_name(const FieldRace& race, const Entry& entry) {
  std::string name = race.id + "-";
  for (const char c : entry.name) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
      name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    } else if (name.back() != '-') {
      name += '-';
    }
  }
  if (name.back() == '-') name.pop_back();
  return name;
}

Part tuned_part(const FieldRace& race, const Entry& entry) {
  return {part_name(race, entry), settings_of(race, entry),
          [race, entry](const Progress& progress) { return compute(race, entry, progress); }};
}

double Tuned::rank() const { return reached() ? summary().mean : INFINITY; }

Tuned tuned_of(const Json& part) {
  Tuned tuned;
  if (part.at("best").is_null()) return tuned;
  part.at("best").at("policy").get_to(tuned.policy);
  part.at("best").at("step_size").get_to(tuned.step_size);
  part.at("values").get_to(tuned.values);
  part.at("missed").get_to(tuned.missed);
  return tuned;
}

std::string value_text(const Tuned& tuned, const FieldRace& race) {
  if (tuned.policy.empty()) {
    return race.compares_times() ? "> " + number(race.base.stop.time) : "diverged";
  }
  if (tuned.missed) return "not on every seed";
  const Summary summary = tuned.summary();
  return summary.standard_error > 0 ? with_error(summary) : number(summary.mean, 3);
}

std::string constant_times(const std::vector<double>& times) {
  std::string text;
  for (const double time : times) {
    text += (text.empty() ? "1*constant(value=" : ",1*constant(value=") + number(time, 12) + ")";
  }
  return text;
}

std::string times_by_rank(std::uint32_t workers, double (*f)(double)) {
  std::vector<double> times;
  for (std::uint32_t i = 1; i <= workers; ++i) times.push_back(f(i));
  return constant_times(times);
}

}  // namespace syncline::repro
