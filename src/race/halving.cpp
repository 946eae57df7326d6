#include "race/halving.hpp"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

#include "race/score.hpp"

namespace syncline {
namespace {

/// Apart from the seeds of the race and of tuning.
constexpr std::uint64_t halving_seed_offset = 2'000'000;
/// The last round is this part of the race, and each before it half as long as the next, so that
/// all rounds cost about the same, but no round is shorter than this.
constexpr double shortest = 1.0 / 64;
constexpr double longest = 1.0 / 4;
/// Evaluations of a round: more would cost more than the training of the short ones.
constexpr double points = 10;

RunConfig run_of(const RaceConfig& config, const PolicyChoice& choice, double share) {
  RunConfig run = config.run;
  run.policy = choice.policy;
  run.optimizer.step_size = choice.step_size;
  run.seed = config.run.seed + halving_seed_offset;
  run.stop.time *= share;
  run.stop.evaluate_every = run.stop.time / points;
  return run;
}

}  // namespace

std::vector<PolicyChoice> halve(RunQueue& queue, const RaceConfig& config,
                                std::vector<PolicyChoice> choices, nlohmann::ordered_json& report) {
  report = nullptr;
  const std::size_t finalists = config.finalists;
  if (finalists == 0 || choices.size() <= finalists + 1) return choices;

  report = {{"seed", config.run.seed + halving_seed_offset},
            {"rounds", nlohmann::ordered_json::array()}};
  const PolicyChoice sync = choices.front();
  std::vector<PolicyChoice> rivals(choices.begin() + 1, choices.end());
  const double halvings =
      std::ceil(std::log2(static_cast<double>(rivals.size()) / static_cast<double>(finalists)));
  double share = std::max(longest * std::exp2(1 - halvings), shortest);
  double cost = 0;
  while (rivals.size() > finalists) {
    std::vector<RunConfig> runs;
    for (const PolicyChoice& rival : rivals) runs.push_back(run_of(config, rival, share));
    queue.expect(runs.size());
    const std::vector<RunResult> results = queue.run(runs, false);
    std::vector<std::pair<Score, PolicyChoice>> ranking;
    for (std::size_t i = 0; i < rivals.size(); ++i) {
      if (results[i].policy.empty()) return choices;  // interrupted: nobody is dropped unheard
      ranking.emplace_back(score({results[i]}, config.run.stop), rivals[i]);
    }
    std::stable_sort(ranking.begin(), ranking.end(),
                     [](const auto& a, const auto& b) { return a.first.better_than(b.first); });
    const std::size_t left = std::max(finalists, (rivals.size() + 1) / 2);
    cost += share * static_cast<double>(rivals.size());
    nlohmann::ordered_json round = {
        {"share", share}, {"left", left}, {"ranking", nlohmann::ordered_json::array()}};
    for (const auto& [value, choice] : ranking) {
      round["ranking"].push_back(
          {{"policy", choice.policy},
           {"time_to_target", value.time ? nlohmann::ordered_json(*value.time) : nullptr},
           {"metric",
            std::isfinite(value.metric) ? nlohmann::ordered_json(value.metric) : nullptr}});
    }
    report["rounds"].push_back(std::move(round));
    rivals.clear();
    for (std::size_t i = 0; i < left; ++i) rivals.push_back(ranking[i].second);
    share = std::min(longest, 2 * share);
  }
  report["cost"] = cost;
  std::vector<PolicyChoice> kept = {sync};
  for (const PolicyChoice& choice : choices) {
    const bool stays = std::any_of(rivals.begin(), rivals.end(), [&](const PolicyChoice& rival) {
      return rival.policy == choice.policy;
    });
    if (stays) kept.push_back(choice);
  }
  return kept;
}

}  // namespace syncline
