#include "config/sections.hpp"

namespace syncline {

std::vector<Option> race_options() {
  return {
      {"race.title",
       "--title",
       race_only,
       Range::any,
       {},
       "names the race and its files",
       [](Settings& s) -> Place { return &s.race.title; }},
      {"race.policies",
       "--policies",
       race_only,
       Range::any,
       {},
       "who races, parted by commas, or all; see `syncline list policies`",
       [](Settings& s) -> Place { return &s.race.policies; }},
      {"race.seeds",
       "--seeds",
       race_only,
       Range::positive,
       {},
       "how many seeds each policy runs on, from run.seed upwards; a winner needs 5",
       [](Settings& s) -> Place { return &s.race.seeds; },
       10'000},
      {"race.step_sizes",
       "--step-sizes",
       race_only | plan_only,
       Range::any,
       {"same", "tuned", "both"},
       "one step size for all, or each policy's best of the grid, or both one after the other (a "
       "plan: the grid where constants are known)",
       [](Settings& s) -> Place { return &s.race.step_sizes; }},
      {"race.step_size_grid",
       "--step-size-grid",
       race_only | plan_only,
       Range::positive,
       {},
       "the grid of tuning, as multiples of optimizer.step_size",
       [](Settings& s) -> Place { return &s.race.step_size_grid; }},
      {"race.tuning_seeds",
       "--tuning-seeds",
       race_only,
       Range::positive,
       {},
       "seeds of tuning, apart from those of the race",
       [](Settings& s) -> Place { return &s.race.tuning_seeds; },
       1000},
      {"race.finalists",
       "--finalists",
       race_only,
       Range::any,
       {},
       "drop hopeless policies early, in rounds, until so many are left, sync aside; 0: all run to "
       "the end",
       [](Settings& s) -> Place { return &s.race.finalists; },
       10'000},
  };
}

}  // namespace syncline
