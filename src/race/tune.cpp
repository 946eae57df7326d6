#include <cmath>

#include <nlohmann/json.hpp>

#include "race/score.hpp"
#include "race/setting.hpp"

namespace syncline {
namespace {

/// Far from the race's own seeds, so that nobody is tuned on what is measured.
constexpr std::uint64_t tuning_seed_offset = 1'000'000;

}  // namespace

std::vector<PolicyChoice> tune(RunQueue& queue, const RaceConfig& config,
                               nlohmann::ordered_json& report) {
  std::vector<PolicyChoice> tries;
  for (const std::string& policy : config.policies) {
    for (const double multiple : config.step_size_grid) {
      tries.push_back({policy, multiple * config.run.optimizer.step_size});
    }
  }
  std::vector<RunConfig> runs;
  nlohmann::ordered_json seeds = nlohmann::ordered_json::array();
  for (std::uint64_t i = 0; i < config.tuning_seeds; ++i) {
    seeds.push_back(config.run.seed + tuning_seed_offset + i);
  }
  for (const PolicyChoice& choice : tries) {
    for (const auto& seed : seeds) {
      RunConfig run = config.run;  // stops at the target: what comes after is of no use here
      run.policy = choice.policy;
      run.optimizer.step_size = choice.step_size;
      run.seed = seed.get<std::uint64_t>();
      if (run.stop.evaluate_every == 0) run.stop.evaluate_every = run.stop.time / 200;
      runs.push_back(run);
    }
  }
  std::vector<RunResult> results = queue.run(runs, false);

  std::vector<PolicyChoice> best;
  Score best_score;
  report = {{"seeds", seeds}, {"results", nlohmann::ordered_json::array()}};
  for (std::size_t i = 0; i < tries.size(); ++i) {
    const auto first = results.begin() + static_cast<std::ptrdiff_t>(i * config.tuning_seeds);
    const std::vector<RunResult> own(first,
                                     first + static_cast<std::ptrdiff_t>(config.tuning_seeds));
    const Score now = score(own, config.run.stop);
    report["results"].push_back(
        {{"policy", tries[i].policy},
         {"step_size", tries[i].step_size},
         {"time_to_target", now.time ? nlohmann::ordered_json(*now.time) : nullptr},
         {"final", std::isfinite(now.metric) ? nlohmann::ordered_json(now.metric) : nullptr}});
    const bool new_policy = best.empty() || best.back().policy != tries[i].policy;
    if (new_policy) {
      best.push_back(tries[i]);
      best_score = now;
    } else if (now.better_than(best_score)) {
      best.back() = tries[i];
      best_score = now;
    }
  }
  return best;
}

}  // namespace syncline
