#include "config/sections.hpp"

namespace syncline {

std::vector<Option> measure_options() {
  return {
      {"measure.gradients",
       "--gradients",
       measure_only | plan_only,
       Range::positive,
       {},
       "mini-batches for the variance, at each of a few points; at least 2",
       [](Settings& s) -> Place { return &s.measure.gradients; },
       10'000'000},
      {"measure.directions",
       "--directions",
       measure_only | plan_only,
       Range::positive,
       {},
       "steps of Lanczos: directions of the curvature that are told apart",
       [](Settings& s) -> Place { return &s.measure.directions; },
       100'000},
      {"measure.samples",
       "--samples",
       measure_only | plan_only,
       Range::any,
       {},
       "random samples of the training split that stand for all of it; 0: all",
       [](Settings& s) -> Place { return &s.measure.samples; }},
      {"measure.window",
       "--window",
       measure_only,
       Range::any,
       {},
       "updates of a run of --policy over which gamma is measured; 0: gamma is left out",
       [](Settings& s) -> Place { return &s.measure.window; },
       1'000'000'000'000},
      {"measure.warmup",
       "--warmup",
       measure_only,
       Range::any,
       {},
       "updates of the same run before the window",
       [](Settings& s) -> Place { return &s.measure.warmup; },
       1'000'000'000'000},
  };
}

}  // namespace syncline
