// Leagues: everybody is tuned on the same grid, and the best is what is shown.

#include "field/league.hpp"

#include <doctest/doctest.h>

#include "syncline/train.hpp"

namespace syncline::repro {
namespace {

League small_league() {
  FieldRace race;
  race.id = "tiny";
  race.title = "a tiny fleet";
  race.base.fleet.workers = 3;
  race.base.model.workload = "quadratic(dimension=5, noise=0.1, condition=5)";
  race.base.model.batch = 1;
  race.base.stop.target = 0.2;
  race.base.stop.time = 60;
  race.step_sizes = {0.001, 0.05, 0.2};
  race.seeds = 2;
  League league;
  league.id = "small";
  league.races = {race};
  league.entries = {{"some K", {"k-sync(k=1)", "k-sync(k=2)"}},
                    {"Never, at all", {"clipped-asgd(norm=1e-9)"}},
                    {"async", {"async"}}};
  return league;
}

Results computed(const League& league) {
  Results results;
  for (const Part& part : league_parts(league)) results.parts[part.name] = part.compute({});
  return results;
}

double time_of(const League& league, const std::string& policy, double step_size,
               std::uint64_t seed) {
  RunConfig config = league.races.front().base;
  config.policy = policy;
  config.optimizer.step_size = step_size;
  config.seed = seed;
  config.threads = 1;
  config.stop.metric = "test_loss";
  config.stop.evaluate_every = config.stop.time / 4000;
  const Json document = train(config, {});
  const Json& time = document["settings"][0]["policies"][0]["time_to_target"]["mean"];
  return time.is_null() ? 1e9 : time.get<double>();
}

TEST_CASE("an entry's best is the best of all parameters and step sizes, by the tuning seed") {
  const League league = small_league();
  const Results results = computed(league);
  double best = 1e9;
  std::string policy;
  double step_size = 0;
  for (const char* text : {"k-sync(k=1)", "k-sync(k=2)"}) {
    for (const double step : league.races.front().step_sizes) {
      const double time = time_of(league, text, step, 1);
      if (time >= best) continue;
      best = time;
      policy = text;
      step_size = step;
    }
  }
  const auto tuned = standing(league, results, "tiny", "some K");
  REQUIRE(tuned);
  CHECK(tuned->policy == policy);
  CHECK(tuned->step_size == step_size);
  REQUIRE(tuned->values.size() == 2);
  CHECK(tuned->values[0] == doctest::Approx(time_of(league, policy, step_size, 11)).epsilon(1e-4));
  CHECK(tuned->values[1] == doctest::Approx(time_of(league, policy, step_size, 12)).epsilon(1e-4));
}

TEST_CASE("who never gets there is shown as such, ranks last, and loses every claim") {
  const League league = small_league();
  const Results results = computed(league);
  const auto never = standing(league, results, "tiny", "Never, at all");
  REQUIRE(never);
  CHECK_FALSE(never->reached());
  CHECK(value_text(*never, league.races.front()) == "> 60");
  const auto lost = better_claim(league, results, "tiny", "Never, at all", "async", 1, "x", "here");
  REQUIRE(lost);
  CHECK_FALSE(lost->holds);
  const auto won = better_claim(league, results, "tiny", "async", "Never, at all", 1, "x", "here");
  REQUIRE(won);
  CHECK(won->holds);

  const auto sections = league_sections(league, results, "who wins");
  REQUIRE(sections.size() == 2);
  CHECK(sections[0].rows.size() == 3);
  CHECK(sections[0].rows[1] == std::vector<std::string>{"Never, at all", "> 60"});
}

TEST_CASE("what has not been computed has no claim and no page; names of parts are file names") {
  const League league = small_league();
  CHECK(league_sections(league, {}, "who wins").empty());
  CHECK_FALSE(better_claim(league, {}, "tiny", "async", "some K", 1, "x", "here"));
  CHECK(part_name(league.races.front(), league.entries[1]) == "tiny-never-at-all");
}

}  // namespace
}  // namespace syncline::repro
