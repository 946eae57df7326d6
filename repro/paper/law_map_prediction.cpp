#include "law_map_prediction.hpp"

#include <algorithm>
#include <cmath>

#include "law_map_race.hpp"
#include "law_map_theory.hpp"
#include "plan/update_law.hpp"
#include "words.hpp"

namespace syncline::repro::law_map {
namespace {

constexpr double near = 1.1;

UpdateLaw fitted(const CellOfMap* reference, bool tuned) {
  std::vector<UpdatesSeen> seen;
  if (reference != nullptr) {
    const auto& racers = reference->race(tuned).racers;
    for (std::size_t i = 0; i < racers.size(); ++i) {
      if (!racers[i].arrived()) continue;
      seen.push_back({reference->theory[i].k, reference->theory[i].staleness, racers[i].updates});
    }
  }
  return seen.empty() ? UpdateLaw{INFINITY, 0, 0} : fit_update_law(seen);
}

bool is_reference(const CellOfMap& cell) {
  return cell.row->key == reference_row && cell.workers == reference_workers;
}

}  // namespace

Predictor planner() {
  const auto& steps = predicted_steps();
  const auto base =
      static_cast<std::size_t>(std::find(steps.begin(), steps.end(), base_step) - steps.begin());
  return {"the planner's theory", [base](const Expected& candidate, bool tuned) {
            const auto& times = candidate.planner;
            return tuned ? *std::min_element(times.begin(), times.end()) : times[base];
          }};
}

Predictor carried_over(const std::vector<CellOfMap>& cells, Runtime runtime) {
  const CellOfMap* reference = find_cell(cells, reference_row, reference_workers);
  const bool simulated = runtime == Runtime::simulated;
  return {simulated ? "updates of one cell x simulated time per update"
                    : "updates of one cell x theory's time per update",
          [=, same_law = fitted(reference, false), tuned_law = fitted(reference, true)](
              const Expected& candidate, bool tuned) {
            const UpdateLaw& law = tuned ? tuned_law : same_law;
            return law.needed(candidate.k, candidate.staleness) *
                   (simulated ? candidate.simulated : candidate.runtime);
          }};
}

std::string fitted_text(const std::vector<CellOfMap>& cells, bool tuned) {
  const UpdateLaw law = fitted(find_cell(cells, reference_row, reference_workers), tuned);
  return number(law.updates, 2) + " + " + number(law.updates * law.noise_scale, 2) + " / K + " +
         number(law.updates * law.staleness_cost, 2) + " s";
}

Predictor always(const std::string& policy) {
  return {"always " + policy, [=](const Expected& candidate, bool) {
            return candidate.policy == policy ? 1.0 : INFINITY;
          }};
}

Judged judge(const CellOfMap& cell, bool tuned, const Predictor& predictor) {
  const Race& race = cell.race(tuned);
  Judged judged;
  std::vector<double> times;
  for (const Expected& candidate : cell.theory) times.push_back(predictor.time(candidate, tuned));
  judged.named =
      static_cast<std::size_t>(std::min_element(times.begin(), times.end()) - times.begin());
  judged.any = std::isfinite(times[judged.named]);
  if (!judged.any) return judged;
  judged.speed_up = times[race.sync] / times[judged.named];
  const Racer& named = race.racers[judged.named];
  judged.behind = named.mean / race.best().mean - 1;
  const double error = std::hypot(named.standard_error, race.best().standard_error);
  judged.hit = named.arrived() && named.mean <= near * race.best().mean + 2 * error;
  judged.within = judged.behind <= near - 1;
  return judged;
}

Score score(const std::vector<CellOfMap>& cells, bool tuned, const Predictor& predictor) {
  Score score;
  std::vector<double> behind;
  for (const CellOfMap& cell : cells) {
    if (is_reference(cell)) continue;
    const Judged judged = judge(cell, tuned, predictor);
    ++score.cells;
    if (judged.hit) ++score.hits;
    if (judged.any && judged.within) ++score.within;
    behind.push_back(judged.any ? judged.behind : INFINITY);
  }
  if (behind.empty()) return score;
  const auto middle = behind.begin() + static_cast<std::ptrdiff_t>(behind.size() / 2);
  std::nth_element(behind.begin(), middle, behind.end());
  score.median_behind = *middle;
  return score;
}

}  // namespace syncline::repro::law_map
