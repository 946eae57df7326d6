#include <cmath>

#include "field/league.hpp"
#include "field/line_up.hpp"
#include "studies.hpp"

namespace syncline::repro {
namespace {

constexpr const char* original =
    R"(The field's standard test, from Tyurin and Richtarik (arXiv 2305.12387) to Ringmaster ASGD
(arXiv 2501.16168): thousands of workers of fixed but very uneven speed on one quadratic. The papers
show Ringmaster ahead of Rennala, and delay-adaptive ASGD far behind.)";

constexpr const char* settings =
    R"(f(x) = x'Ax / 2 - b'x with A = tridiag(-1, 2, -1) / 4, b = (-1, 0, ..., 0) / 4, dimension 1,729,
start (sqrt(1729), 0, ..., 0), noise of deviation 0.01 on every coordinate by itself. 6,174 workers;
worker i takes i seconds for a gradient, or sqrt(i) seconds (the papers add a random part, which we
leave out). Time until f - f* is at most 0.1, evaluated 4,000 times up to the limit. Step sizes are
powers of two from 2^-12 to 2, limits, batches and K are 1, 4, 16 and 64; everybody is tuned on seed
1 and run on seeds 11, 12 and 13.)";

constexpr std::uint32_t workers = 6174;

FieldRace race_of(const char* id, const char* title, double (*time)(double), double limit) {
  FieldRace race;
  race.id = id;
  race.title = title;
  race.base.fleet.workers = workers;
  race.base.fleet.delay = times_by_rank(workers, time);
  race.base.model.workload = "tridiagonal(dimension=1729, noise=0.01)";
  race.base.model.batch = 1;
  race.base.stop.target = 0.1;
  race.base.stop.time = limit;
  race.step_sizes = powers_of_two(-12, 1);
  return race;
}

double as_it_is(double i) { return i; }
double root(double i) { return std::sqrt(i); }

League league() {
  League league;
  league.id = "field-tridiagonal";
  league.races = {race_of("linear", "times i", as_it_is, 4000),
                  race_of("root", "times sqrt(i)", root, 400)};
  league.entries = line_up({1, 4, 16, 64});
  // A round of every worker takes longer than the race.
  std::erase_if(league.entries, [](const Entry& entry) {
    return entry.name == "K-async" || entry.name == "K-batch-async" || entry.name == "SSP" ||
           entry.name == "MindFlayer" || entry.name == "gap-aware";
  });
  return league;
}

Chapter chapter(const Results& results) {
  const League here = league();
  Chapter chapter;
  chapter.sections = league_sections(here, results, "Time to the target, 6,174 workers");
  for (const char* race : {"linear", "root"}) {
    for (const auto& [first, second, factor, text] :
         {std::tuple{"Ringmaster, stops", "Rennala, restart", 1.0,
                     "Ringmaster reaches the target no later than Rennala"},
          std::tuple{"Rennala, restart", "delay-adaptive", 2.0,
                     "Rennala takes at most half the time of delay-adaptive ASGD"},
          std::tuple{
              "clipped", "delay-adaptive", 2.0,
              "clipping alone makes async at least twice as fast as delay-adaptive steps"}}) {
      if (auto claim = better_claim(here, results, race, first, second, factor, text,
                                    std::string(first) == "clipped" ? "here" : "paper")) {
        // Under the milder law most gradients are stale, and clipped ones push just as often.
        claim->expected = !(std::string(race) == "root" && std::string(first) == "clipped");
        chapter.claims.push_back(std::move(*claim));
      }
    }
  }
  return chapter;
}

}  // namespace

Study field_tridiagonal() {
  return {.id = "field-tridiagonal",
          .title = "The tridiagonal quadratic with 6,174 workers",
          .original = original,
          .settings = settings,
          .seeds = "1 for tuning; 11, 12 and 13",
          .parts =
              [](Scale scale) {
                return league_parts(scale == Scale::full ? league() : quick_league(league(), 4));
              },
          .chapter = chapter};
}

}  // namespace syncline::repro
