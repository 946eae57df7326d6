#include "field/league.hpp"
#include "field/line_up.hpp"
#include "studies.hpp"

namespace syncline::repro {
namespace {

constexpr const char* original =
    R"(No algorithm wins everywhere. This table asks how much the law of the workers' times decides,
for fixed uneven speeds, memoryless times, heavy tails and a single very slow machine.)";

constexpr const char* settings =
    R"(The tridiagonal quadratic with dimension 100 and noise of deviation 0.1 on every coordinate,
100 workers, time until f - f* is at most 0.03. Step sizes are powers of two from 2^-9 to 2; limits,
batches and K are 1, 4, 16, 64 and 100; everybody is tuned on seed 1 and run on seeds 11, 12 and 13.
Cancelling and restarting a job costs nothing here.)";

constexpr std::uint32_t workers = 100;

double as_it_is(double i) { return i; }

FieldRace race_of(const char* id, const char* title, const std::string& delay, double limit) {
  FieldRace race;
  race.id = id;
  race.title = title;
  race.base.fleet.workers = workers;
  race.base.fleet.delay = delay;
  race.base.model.workload = "tridiagonal(dimension=100, noise=0.1)";
  race.base.model.batch = 1;
  race.base.stop.target = 0.03;
  race.base.stop.time = limit;
  race.step_sizes = powers_of_two(-9, 1);
  return race;
}

/// 1 + a lognormal time: a unit on the way, half of it to the worker and half back.
FieldRace lognormal() {
  FieldRace race = race_of("lognormal", "1 + lognormal, sigma 3", "lognormal(mu=0, sigma=3)", 2000);
  race.base.fleet.latency = 0.5;
  return race;
}

League league() {
  League league;
  league.id = "field-time-laws";
  league.races = {race_of("linear", "times i", times_by_rank(workers, as_it_is), 4000),
                  race_of("exponential", "exponential", "exponential(rate=1)", 400),
                  race_of("pareto", "Pareto, shape 2", "pareto(scale=1, shape=2)", 400),
                  lognormal(),
                  race_of("straggler", "one 100 times slower",
                          "99*constant(value=1),1*constant(value=100)", 400)};
  league.entries = line_up({1, 4, 16, 64, 100});
  return league;
}

Chapter chapter(const Results& results) {
  const League here = league();
  Chapter chapter;
  chapter.sections = league_sections(here, results, "Time to the target, 100 workers");
  const auto add = [&](const char* race, const char* first, const char* second, double factor,
                       const char* text) {
    if (auto claim = better_claim(here, results, race, first, second, factor, text, "here")) {
      chapter.claims.push_back(std::move(*claim));
    }
  };
  add("exponential", "Ringmaster, stops", "async", 1.5,
      "with memoryless times cancelling is worth half of the time and more");
  add("lognormal", "Ringmaster, stops", "Ringmaster", 1.5,
      "with heavy tails, stops make Ringmaster at least 1.5 times as fast");
  add("lognormal", "Rennala, restart", "Rennala, let finish", 2,
      "with heavy tails, Rennala that restarts is at least twice as fast as Rennala that lets "
      "stale work finish");
  add("linear", "async", "K-sync", 1.5,
      "with fixed uneven speeds async beats the best K-sync by half and more");
  add("straggler", "K-sync", "full sync", 5,
      "one machine a hundred times slower costs sync five times as much as K-sync and more");
  return chapter;
}

}  // namespace

Study field_time_laws() {
  return {.id = "field-time-laws",
          .title = "Sixteen algorithms under five laws of time",
          .original = original,
          .settings = settings,
          .seeds = "1 for tuning; 11, 12 and 13",
          .parts =
              [](Scale scale) {
                return league_parts(scale == Scale::full ? league() : quick_league(league(), 16));
              },
          .chapter = chapter};
}

}  // namespace syncline::repro
