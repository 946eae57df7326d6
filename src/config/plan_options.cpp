#include "config/sections.hpp"

namespace syncline {

std::vector<Option> plan_options() {
  return {
      {"plan.timings",
       "--timings",
       plan_only,
       Range::any,
       {},
       "event log or CSV of step times that the fleet is fitted to, in place of --delay",
       [](Settings& s) -> Place { return &s.plan.timings; }},
      {"plan.constants",
       "--constants",
       plan_only,
       Range::any,
       {},
       "what is known of the model: a file that `syncline measure --save` wrote",
       [](Settings& s) -> Place { return &s.plan.constants; }},
      {"plan.pilot",
       "--pilot",
       plan_only,
       Range::any,
       {},
       "event logs of short training runs, parted by commas: times, curves, and what noise and "
       "staleness cost",
       [](Settings& s) -> Place { return &s.plan.pilots; }},
      {"plan.measure",
       "--measure",
       plan_only,
       Range::any,
       {},
       "measure the constants of the model first",
       [](Settings& s) -> Place { return &s.plan.measure; }},
      {"plan.theory_only",
       "--theory-only",
       plan_only,
       Range::any,
       {},
       "no simulation: an answer in under a second, with wider errors",
       [](Settings& s) -> Place { return &s.plan.theory_only; }},
      {"plan.what_if",
       "--what-if",
       plan_only,
       Range::any,
       {},
       "policies, parted by commas, to replay the recorded times under",
       [](Settings& s) -> Place { return &s.plan.what_if; }},
  };
}

}  // namespace syncline
