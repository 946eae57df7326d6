#include "field/bridge_runs.hpp"

#include <algorithm>

#include "record.hpp"
#include "syncline/decentralised.hpp"
#include "trace/config_json.hpp"
#include "trial.hpp"

namespace syncline::repro {
namespace {

template <class Named>
const Named& named(const std::vector<Named>& all, const std::string& key) {
  return *std::find_if(all.begin(), all.end(), [&](const Named& one) { return one.key == key; });
}

std::string part_name(const Mixing& mixing, const Fault& fault) {
  return mixing.key + "-" + fault.key;
}

RunConfig config_of(const Mixing& mixing, const Fault& fault, std::uint64_t seed, Scale scale) {
  RunConfig config;
  config.policy = mixing.method + ", topology=random(p=0.5, seed=" + std::to_string(seed) + ")" +
                  (fault.faulty == "none" ? ")" : ", faulty=" + fault.faulty + ")");
  config.seed = seed;
  config.threads = 1;
  config.fleet.workers = 20;
  config.fleet.delay = "constant(value=1)";  // so that time counts rounds
  config.model.workload = "softmax(lambda=0.01)";
  config.model.data = "fashion-mnist";
  config.model.partition = "shards";
  config.model.batch = 128;
  config.optimizer.step_size = fault.step_size;
  config.optimizer.schedule = "cosine(length=200, floor=0.02)";
  config.worker.attack = fault.attack;
  config.stop.updates = scale == Scale::full ? 200 : 40;
  config.stop.evaluate_every = 10;
  return config;
}

/// The last evaluation is on the full test set; those on the way are on a part of it.
Json compute(const Mixing& mixing, const Fault& fault, Scale scale, std::uint64_t seeds,
             const Progress& progress) {
  Json errors = Json::array(), worst = Json::array(), curves = Json::array(), rounds;
  Progress quiet;
  quiet.interrupted = progress.interrupted;
  bool diverged = false;
  for (std::uint64_t seed = 1; seed <= seeds && !progress.stop() && !diverged; ++seed) {
    progress.report(part_name(mixing, fault),
                    static_cast<double>(seed - 1) / static_cast<double>(seeds));
    const Json document = train_decentralised(config_of(mixing, fault, seed, scale), quiet);
    diverged = document.at("outcome") == "diverged";
    if (diverged || progress.stop()) break;
    const Json& policy = document.at("settings").at(0).at("policies").at(0);
    errors.push_back(rounded(policy.at("final_error").at("mean").get<double>()));
    worst.push_back(rounded(document.at("nodes").at("final_worst").at("test_error").get<double>()));
    const Json& curve = policy.at("curves").at(0);
    rounds = curve.at("time");
    Json values = Json::array();
    for (const Json& value : curve.at("test_error")) {
      values.push_back(rounded(value.get<double>()));
    }
    curves.push_back(std::move(values));
  }
  if (diverged) return {{"diverged", true}};
  return {{"diverged", false},
          {"test_error", errors},
          {"worst_test_error", worst},
          {"round", rounds},
          {"curves", curves}};
}

}  // namespace

const std::vector<Mixing>& mixings_of_bridge() {
  static const std::vector<Mixing> all = {
      {"dgd", "DGD", "dgd(weights=uniform", color::sync},
      {"trimmed-mean", "trimmed mean (T)", "bridge(screen=trimmed-mean, b=2", color::k_sync},
      {"median", "median (M)", "bridge(screen=median, b=2", color::k_batch_sync},
      {"krum", "Krum (K)", "bridge(screen=krum, b=2", color::k2},
      {"bulyan", "Bulyan (B)", "bridge(screen=bulyan, b=2", color::k_batch_async}};
  return all;
}

const std::vector<Fault>& faults_of_bridge() {
  static const std::vector<Fault> all = {
      {"none", "honest models"},
      {"uniform", "uniform on (-1, 0)", "uniform(workers=2, low=-1, high=0)"},
      {"random", "normal numbers, deviation 1", "none", "random(workers=2)"},
      {"sign-flip", "their model, sign flipped", "none", "sign-flip(workers=2)"},
      {"reversal", "-10 x their model", "none", "reversal(workers=2)"},
      {"inner-product", "-3 x the honest mean", "none", "inner-product(workers=2, epsilon=3)"},
      {"little", "a-little-is-enough", "none", "a-little-is-enough(workers=2)"},
      {"nan", "NaN", "none", "nan(workers=2)"},
      {"small-step", "honest models, rho = 0.01", "none", "none", 0.01}};
  return all;
}

const Mixing& mixing_named(const std::string& key) { return named(mixings_of_bridge(), key); }
const Fault& fault_named(const std::string& key) { return named(faults_of_bridge(), key); }

std::vector<Part> bridge_parts(Scale scale) {
  const std::uint64_t seeds = scale == Scale::full ? 5 : 1;
  std::vector<Part> parts;
  for (const Fault& fault : faults_of_bridge()) {
    for (const Mixing& mixing : mixings_of_bridge()) {
      Json settings = to_json(config_of(mixing, fault, 1, scale));
      settings["seeds"] = seeds;
      parts.push_back(
          {part_name(mixing, fault), std::move(settings), [=](const Progress& progress) {
             return compute(mixing, fault, scale, seeds, progress);
           }});
    }
  }
  return parts;
}

std::optional<NodeScores> scores_of(const Results& results, const Mixing& mixing,
                                    const Fault& fault) {
  const auto found = results.parts.find(part_name(mixing, fault));
  if (found == results.parts.end()) return std::nullopt;
  const Json& part = found->second;
  NodeScores scores;
  part.at("diverged").get_to(scores.diverged);
  if (scores.diverged) return scores;
  const auto percent_right = [](const Json& error) { return 100 * (1 - error.get<double>()); };
  for (const Json& error : part.at("test_error")) scores.mean.push_back(percent_right(error));
  for (const Json& error : part.at("worst_test_error")) {
    scores.worst.push_back(percent_right(error));
  }
  for (std::size_t i = 0; i < part.at("round").size(); ++i) {
    std::vector<double> right;
    for (const Json& curve : part.at("curves")) right.push_back(1 - curve.at(i).get<double>());
    const Summary summary = summarise(right);
    scores.curve.push_back({part.at("round").at(i).get<double>(), summary.mean,
                            summary.mean - summary.standard_error,
                            summary.mean + summary.standard_error});
  }
  return scores;
}

}  // namespace syncline::repro
