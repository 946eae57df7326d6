#include "adasync_entrants.hpp"

#include "curves.hpp"

namespace syncline::repro {

std::vector<Entrant> entrants_of(const Contest& contest, const std::string& variant,
                                 const Results& results) {
  std::vector<Entrant> entrants;
  for (const Contestant& one : contestants(contest, variant)) {
    entrants.push_back({one, {}, {}});
  }
  for (std::size_t seed = 1; seed <= results.runs.size(); ++seed) {
    std::vector<const Json*> row;
    for (const Entrant& entrant : entrants) {
      const auto found =
          results.runs.find(entrant.contestant.key + "-seed-" + std::to_string(seed));
      if (found != results.runs.end()) row.push_back(&found->second);
    }
    if (row.size() < entrants.size()) continue;
    for (std::size_t i = 0; i < row.size(); ++i) entrants[i].runs.push_back(row[i]);
  }
  for (Entrant& entrant : entrants) {
    entrant.areas = each(entrant.runs, [&](const Json& run) {
      return mean_over_time(run, "test_error", contest.until);
    });
  }
  return entrants;
}

bool is_fixed(const Entrant& entrant) { return entrant.contestant.title.starts_with("K = "); }

}  // namespace syncline::repro
