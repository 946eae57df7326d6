#include <algorithm>
#include <cmath>

#include "plan/advice.hpp"
#include "plan/words.hpp"

namespace syncline {
namespace {

/// The simpler algorithm is taken unless the other one gains more than this.
constexpr double worth_it = 1.03;

const Forecast* find_sync(const std::vector<Forecast>& ranked, const Goal& goal) {
  const auto found = std::find_if(ranked.begin(), ranked.end(), [&](const Forecast& forecast) {
    return forecast.candidate.policy == "sync" && std::isfinite(score(forecast, goal));
  });
  return found == ranked.end() ? nullptr : &*found;
}

std::string gain_sentence(const Forecast& choice, const Forecast* sync, const Goal& goal) {
  const std::string& name = choice.candidate.policy;
  if (!goal.loss) {
    std::string text =
        name + words(" gets to a loss of %.4g in the time given", choice.loss_at_budget);
    return sync != nullptr ? text + words(", plain sync to %.4g.", sync->loss_at_budget)
                           : text + ".";
  }
  if (!sync) {
    return name +
           words(" reaches the target in %.4g; plain sync would not reach it.", choice.time->value);
  }
  return name + words(" reaches the target in %.4g, plain sync in %.4g: %.2f times as fast.",
                      choice.time->value, sync->time->value,
                      sync->time->value / choice.time->value);
}

/// Speed-up = (time per update of sync over that of the choice) x (updates of sync over those of
/// the choice): which of the two it is, and what it costs.
std::string cause_sentence(const Forecast& choice, const Forecast& sync) {
  std::string text =
      words("An update takes %.4g instead of %.4g", choice.runtime.value, sync.runtime.value);
  const double more = choice.updates / std::max(sync.updates, 1.0);
  text += words(more >= 1 ? ", and %.2f times as many are needed"
                          : ", and only %.2f times as many are needed",
                more);
  const double per_update = choice.updates > 0 ? choice.gradients / choice.updates : 0;
  if (choice.candidate.step_size != sync.candidate.step_size) {
    text += words(" (at step size %.4g instead of %.4g)", choice.candidate.step_size,
                  sync.candidate.step_size);
  }
  if (per_update == 1) text += " of one gradient each";
  if (per_update > 1) text += words(" of %.4g gradients each", per_update);
  if (choice.staleness > 0) text += words(", %.3g versions stale on average", choice.staleness);
  return text + ".";
}

}  // namespace

Advice choose(const std::vector<Forecast>& ranked, const Goal& goal) {
  Advice advice;
  if (ranked.empty() || !std::isfinite(score(ranked.front(), goal))) {
    advice.reason =
        "No candidate reaches the target: smaller steps (--step-size), more patience or "
        "an easier target are needed.";
    return advice;
  }
  if (!goal.loss && ranked.front().updates == 0) {
    advice.reason = "The time given is too short for a single update of any candidate.";
    return advice;
  }
  const Forecast* best = &ranked.front();
  const Forecast* sync = find_sync(ranked, goal);
  const bool sync_is_best =
      sync != nullptr && goal.loss && score(*sync, goal) <= worth_it * score(*best, goal);
  if (sync_is_best) {
    advice.choice = *sync;
    advice.reason =
        "Plain sync is best: it reaches the target in " + words("%.4g", sync->time->value);
    if (best == sync) {
      advice.reason += " and nothing else is faster.";
    } else {
      advice.reason +=
          ", and " + best->candidate.policy +
          words(" would gain only %.1f %%.", 100 * (score(*sync, goal) / score(*best, goal) - 1));
    }
    if (sync->idle_fraction) {
      advice.reason +=
          words(" Its workers are idle %.0f %% of the time.", 100 * *sync->idle_fraction);
    }
    return advice;
  }
  advice.choice = *best;
  if (best == sync) {
    advice.reason = words("Plain sync is best: it gets to a loss of %.4g in the time given, and ",
                          best->loss_at_budget) +
                    "nothing else gets lower.";
    return advice;
  }
  advice.reason = gain_sentence(*best, sync, goal);
  if (sync != nullptr) advice.reason += " " + cause_sentence(*best, *sync);
  return advice;
}

}  // namespace syncline
