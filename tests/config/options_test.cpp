#include "syncline/options.hpp"

#include <cmath>
#include <set>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck.h>

#include "syncline/error.hpp"

namespace syncline {
namespace {

void set(Settings& settings, const std::string& key, const std::string& text) {
  set_from_text(settings, find_option(key), text, key);
}

std::string message_of(const std::string& key, const std::string& text) {
  Settings settings;
  try {
    set(settings, key, text);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "accepted";
}

TEST_CASE("option keys and flags, all rows of the table, are unique and well formed") {
  std::set<std::string> keys, flags;
  for (const auto& option : options()) {
    CAPTURE(option.key);
    CHECK(keys.insert(option.key).second);
    CHECK(flags.insert(option.flag).second);
    CHECK(option.flag.rfind("--", 0) == 0);
    CHECK(std::count(option.key.begin(), option.key.end(), '.') == 1);
    CHECK(option.commands != 0);
    CHECK_FALSE(option.description.empty());
  }
}

TEST_CASE("option default, written as text and set again, is accepted by the row's own checks") {
  for (const auto command : {Command::race, Command::train, Command::simulate, Command::measure}) {
    Settings settings = default_settings(command);
    CHECK_NOTHROW(apply_toml(settings, to_toml(settings, command), "defaults"));
  }
}

TEST_CASE("option value out of range or of the wrong kind is refused with the key in the message") {
  CHECK(message_of("fleet.workers", "0") == "fleet.workers must be at least 1, not 0");
  CHECK(message_of("fleet.workers", "-3").find("fleet.workers") == 0);
  CHECK(message_of("fleet.workers", "1.5").find("fleet.workers") == 0);
  CHECK(message_of("fleet.workers", "5000000000").find("at most 10000000") != std::string::npos);
  CHECK(message_of("run.seed", "9223372036854775808").find("at most") != std::string::npos);
  // More than any number holds.
  CHECK(
      message_of("fleet.workers", "99_999_999_999_999_999_999").find("at most 10000000, not 99_") !=
      std::string::npos);
  CHECK(message_of("fleet.latency", "-1").find("must not be negative") != std::string::npos);
  CHECK(message_of("fleet.latency", "nan").find("finite") != std::string::npos);
  CHECK(message_of("fleet.latency", "inf").find("finite") != std::string::npos);
  CHECK(message_of("optimizer.step_size", "0").find("must be above 0") != std::string::npos);
  CHECK(message_of("optimizer.step_size", "").find("finite number") != std::string::npos);
  CHECK(message_of("race.step_size_grid", "1,-2").find("must be above 0") != std::string::npos);
  CHECK(message_of("simulate.include_startup", "maybe").find("true or false") != std::string::npos);
  CHECK(message_of("race.title", "two\nlines").find("control character") != std::string::npos);
  CHECK(message_of("race.title", "\xff").find("UTF-8") != std::string::npos);
}

TEST_CASE("option that decides how much memory is taken, beyond its bound, is refused with it") {
  for (const auto& [key, bound] : {std::pair{"fleet.workers", 10000000},
                                   {"run.threads", 1024},
                                   {"model.batch", 1000000},
                                   {"race.seeds", 10000},
                                   {"race.tuning_seeds", 1000}}) {
    CAPTURE(key);
    CHECK(message_of(key, std::to_string(bound)) == "accepted");
    CHECK(message_of(key, std::to_string(bound + 1)) == key + std::string(" must be at most ") +
                                                            std::to_string(bound) + ", not " +
                                                            std::to_string(bound + 1));
  }
}

TEST_CASE("option with a list of choices, given a slip, names the nearest choice") {
  const std::string message = message_of("stop.metric", "test_eror");
  CHECK(message.find("did you mean 'test_error'?") != std::string::npos);
  CHECK(message.find("train_loss") != std::string::npos);
}

TEST_CASE("key that does not exist is refused with the nearest key") {
  const auto near = [](const std::string& key) -> std::string {
    try {
      static_cast<void>(find_option(key));
    } catch (const ConfigError& error) {
      return error.what();
    }
    return "found";
  };
  CHECK(near("fleet.wokers").find("did you mean 'fleet.workers'?") != std::string::npos);
  CHECK(near("workers").find("did you mean 'fleet.workers'?") != std::string::npos);
  CHECK(near("model.workers").find("did you mean 'fleet.workers'?") != std::string::npos);
}

TEST_CASE("list of policies, with commas inside brackets, is split between policies only") {
  Settings settings;
  set(settings, "race.policies", "sync, k-sync(k=4, rest=finish), async");
  CHECK(settings.race.policies ==
        std::vector<std::string>{"sync", "k-sync(k=4, rest=finish)", "async"});
}

TEST_CASE("list of policies with an empty one is refused: written again it would be another list") {
  Settings settings;
  for (const char* list : {",", "sync,", ",sync", "sync,,async"}) {
    CAPTURE(list);
    CHECK_THROWS_WITH_AS(set(settings, "race.policies", list), doctest::Contains("empty text"),
                         ConfigError);
  }
  set(settings, "race.policies", "");
  CHECK(settings.race.policies.empty());
}

TEST_CASE("settings in JSON, lists for what is none or nested ones, are refused by their key") {
  for (const char* text :
       {R"({"fleet": {"workers": [8]}})", R"({"race": {"policies": [["sync"]]}})",
        R"({"race": {"policies": {"a": "sync"}}})", R"({"fleet": 8})", "[]"}) {
    CAPTURE(text);
    Settings settings;
    CHECK_THROWS_WITH_AS(apply_json(settings, nlohmann::ordered_json::parse(text), "log.jsonl"),
                         doctest::Contains("log.jsonl"), ConfigError);
  }
}

TEST_CASE("settings of any numbers, written as TOML and read again, are the same to the bit") {
  CHECK(rc::check("round trip", [](std::uint32_t workers, std::uint64_t seed, double step,
                                   const std::vector<double>& grid, bool startup) {
    Settings settings;
    settings.race.run.fleet.workers = 1 + workers % 10'000'000;
    settings.race.run.seed = seed >> 1;
    settings.race.run.optimizer.step_size = std::abs(step) + 1e-300;
    settings.race.step_size_grid.clear();
    for (const double factor : grid) {
      settings.race.step_size_grid.push_back(std::abs(factor) + 1e-300);
    }
    settings.include_startup = startup;
    for (const auto command :
         {Command::race, Command::train, Command::simulate, Command::measure}) {
      Settings again;
      apply_toml(again, to_toml(settings, command), "round trip");
      RC_ASSERT(to_toml(again, command) == to_toml(settings, command));
      RC_ASSERT(to_json(again, command) == to_json(settings, command));
      Settings from_json;
      apply_json(from_json, to_json(settings, command), "round trip");
      RC_ASSERT(to_json(from_json, command) == to_json(settings, command));
    }
  }));
}

TEST_CASE("settings as JSON hold what decides the results, by section, and nothing else") {
  Settings settings;
  settings.race.run.fleet.workers = 5;
  settings.race.run.threads = 2;
  settings.race.run.log = "run.jsonl";
  settings.race.policies = {"sync", "async"};
  const auto run = to_json(settings, Command::train);
  CHECK(run["fleet"]["workers"] == 5);
  CHECK_FALSE(run["run"].contains("threads"));
  CHECK_FALSE(run.contains("output"));
  CHECK_FALSE(run.contains("race"));
  CHECK(to_json(settings, Command::race)["race"]["policies"] == nlohmann::json({"sync", "async"}));
}

TEST_CASE("simulation, turned into settings and back, is the same") {
  SimulationConfig config;
  config.policy = "k-sync(k=2)";
  config.seed = 9;
  config.updates = 77;
  config.include_startup = true;
  config.message_bytes = 1000;
  config.fleet.workers = 3;
  config.log = "run.jsonl";
  const SimulationConfig again = simulation_config(settings_of(config));
  CHECK(again.policy == config.policy);
  CHECK(again.seed == 9);
  CHECK(again.updates == 77);
  CHECK(again.include_startup);
  CHECK(again.message_bytes == 1000);
  CHECK(again.fleet.workers == 3);
  CHECK(again.log == "run.jsonl");
  CHECK(to_json(settings_of(config), Command::simulate)["stop"]["updates"] == 77);
}

}  // namespace
}  // namespace syncline
