#include "field/league.hpp"
#include "field/line_up.hpp"
#include "studies.hpp"
#include "trial.hpp"

namespace syncline::repro {
namespace {

constexpr const char* original =
    R"(If every worker has data of its own, an algorithm that takes more gradients from fast workers
trains on their data more than on the others', and ends at another model. Malenia (arXiv 2305.12387),
Ringleader (arXiv 2509.22860), IA2SGD (ACE, arXiv 2511.19066) and Rescaled ASGD (arXiv 2605.13434)
are made for this.)";

constexpr const char* settings =
    R"(20 workers, each with a quadratic of its own (dimension 50, eigenvalues from 1 to 1/100, its
minimum at a random point; F is their mean), noise sigma = 0.3. Worker i takes i units of time, or
half of them take 1 and half 50. 20,000 units of time; the mean of F - F* over the last fifth. Step
sizes are powers of two from 2^-12 to 1, the best on seed 1 is run on seeds 11, 12 and 13.)";

constexpr std::uint32_t workers = 20;

double as_it_is(double i) { return i; }

FieldRace race_of(const char* id, const char* title, const std::string& delay) {
  FieldRace race;
  race.id = id;
  race.title = title;
  race.base.fleet.workers = workers;
  race.base.fleet.delay = delay;
  race.base.model.workload = "quadratic(dimension=50, noise=0.3, start=0.1, unlike=1, workers=20)";
  race.base.model.batch = 1;
  race.base.stop.time = 20000;
  race.step_sizes = powers_of_two(-12, 0);
  return race;
}

League league() {
  League league;
  league.id = "field-unlike-data";
  league.races = {
      race_of("linear", "times i", times_by_rank(workers, as_it_is)),
      race_of("halves", "half 1, half 50", "10*constant(value=1),10*constant(value=50)")};
  league.entries = {{"full sync", {"sync"}, color::sync},
                    {"K-sync, half", {"k-sync(k=10)"}, color::k_sync},
                    {"async", {"async"}, color::async},
                    {"Ringmaster", {"ringmaster(limit=20)"}, color::k_async},
                    {"delay-adaptive", {"delay-adaptive"}, color::async},
                    {"Malenia", {"malenia"}, color::k_batch_sync},
                    {"Ringleader", {"ringleader"}, color::k_batch_async},
                    {"IA2SGD", {"ia2sgd"}, color::k_batch_async},
                    {"Rescaled, by time", {"rescaled"}, color::k2},
                    {"Rescaled, by count", {"rescaled(by=count)"}, color::k2}};
  return league;
}

Chapter chapter(const Results& results) {
  const League here = league();
  Chapter chapter;
  chapter.sections =
      league_sections(here, results, "F - F* at the end, 20 workers with unlike data");
  const auto add = [&](const char* race, const char* first, const char* second, double factor,
                       const std::string& text) {
    if (auto claim = better_claim(here, results, race, first, second, factor, text, "theory")) {
      chapter.claims.push_back(std::move(*claim));
    }
  };
  for (const char* race : {"linear", "halves"}) {
    for (const char* unbiased : {"Malenia", "Ringleader", "IA2SGD", "Rescaled, by time"}) {
      add(race, unbiased, "K-sync, half", 10,
          std::string(unbiased) + " ends at least ten times nearer to the optimum than K-sync");
    }
    add(race, "full sync", "Ringmaster", 10,
        "full sync ends at least ten times nearer than Ringmaster, which leans to the fast "
        "workers");
  }
  return chapter;
}

}  // namespace

Study field_unlike_data() {
  return {.id = "field-unlike-data",
          .title = "Workers with unlike data",
          .original = original,
          .settings = settings,
          .seeds = "1 for tuning; 11, 12 and 13",
          .parts =
              [](Scale scale) {
                return league_parts(scale == Scale::full ? league() : quick_league(league(), 10));
              },
          .chapter = chapter};
}

}  // namespace syncline::repro
