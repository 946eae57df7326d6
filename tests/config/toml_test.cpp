#include <doctest/doctest.h>

#include "syncline/error.hpp"
#include "syncline/options.hpp"

namespace syncline {
namespace {

std::string message_of(const std::string& toml) {
  Settings settings;
  try {
    apply_toml(settings, toml, "run.toml");
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "accepted";
}

TEST_CASE("TOML of every type, read, sets the places and leaves the others alone") {
  Settings settings;
  apply_toml(settings, R"toml(
fleet.latency = 2
[race]
policies = ["sync", "k-async(k=4)"]
step_size_grid = [1, 0.5]
[run]
seed = 7
[optimizer]
step_size = 1e-3
[simulate]
include_startup = true
)toml",
             "run.toml");
  CHECK(settings.race.policies == std::vector<std::string>{"sync", "k-async(k=4)"});
  CHECK(settings.race.step_size_grid == std::vector<double>{1, 0.5});
  CHECK(settings.race.run.seed == 7);
  CHECK(settings.race.run.optimizer.step_size == 1e-3);
  CHECK(settings.race.run.fleet.latency == 2);
  CHECK(settings.include_startup);
  CHECK(settings.race.run.fleet.workers == FleetConfig{}.workers);
}

TEST_CASE("TOML with a syntax error is refused with file, line and column") {
  CHECK(message_of("[fleet]\nworkers = = 3\n").find("run.toml:2:") == 0);
}

TEST_CASE("TOML with an unknown key is refused with its place and the nearest key") {
  const std::string message = message_of("[fleet]\nlatency = 1\nwokers = 3\n");
  CHECK(message.find("run.toml:3:1: unknown key 'fleet.wokers'") == 0);
  CHECK(message.find("did you mean 'fleet.workers'?") != std::string::npos);
}

TEST_CASE("TOML with an unknown section is refused with the nearest section") {
  const std::string message = message_of("[fleat]\nworkers = 3\n");
  CHECK(message.find("run.toml:1:") == 0);
  CHECK(message.find("unknown section [fleat]; did you mean [fleet]?") != std::string::npos);
}

TEST_CASE("TOML value of the wrong type or range is refused with its place and key") {
  CHECK(message_of("[fleet]\nworkers = \"8\"") ==
        "run.toml:2:1: fleet.workers must be a whole number");
  CHECK(message_of("[fleet]\nworkers = [8]").find("whole number") != std::string::npos);
  CHECK(message_of("[fleet]\nworkers = {a = 1}").find("whole number") != std::string::npos);
  CHECK(message_of("fleet = 3").find("unknown key 'fleet'") != std::string::npos);
  CHECK(message_of("[fleet]\nworkers = 0").find("at least 1") != std::string::npos);
  CHECK(message_of("[fleet]\nlatency = nan").find("finite") != std::string::npos);
  CHECK(message_of("[fleet]\nlatency = -inf").find("finite") != std::string::npos);
  CHECK(message_of("[fleet]\ndelay = 3").find("must be a text") != std::string::npos);
  CHECK(message_of("[race]\npolicies = [1]").find("list of texts") != std::string::npos);
}

/// Applies a damaged document: "" where it is accepted, else the message, which must name its
/// place.
std::string outcome(const std::string& toml) {
  const std::string message = message_of(toml);
  if (message == "accepted") return "";
  CHECK(message.rfind("run.toml:", 0) == 0);
  CHECK(message.find(": ") + 2 < message.size());
  return message;
}

TEST_CASE("TOML cut at any byte is refused with its place, or holds the lines before the cut") {
  const std::string whole =
      "[fleet]\nworkers = 12\ndelay = \"constant(value=2)\" # a law\n"
      "[race]\npolicies = [\"sync\", \"async\"]\nstep_size_grid = [1, 0.5]\n"
      "[simulate]\ninclude_startup = true\n";
  const std::string head = "[fleet]\nworkers = 12\n";
  for (std::size_t length = 0; length <= whole.size(); ++length) {
    CAPTURE(length);
    const std::string cut = whole.substr(0, length);
    if (!outcome(cut).empty()) continue;
    Settings settings;
    apply_toml(settings, cut, "run.toml");
    if (length >= head.size()) CHECK(settings.race.run.fleet.workers == 12);
    // Texts and lists have ends, so half of one is never taken for a whole.
    const std::string& delay = settings.race.run.fleet.delay;
    CHECK((delay == "constant(value=2)" || delay == FleetConfig{}.delay));
    CHECK((settings.race.policies.size() == 2 || settings.race.policies.empty()));
  }
}

TEST_CASE("TOML with any one byte changed is refused with its place, or accepted") {
  const std::string whole = to_toml(default_settings(Command::simulate), Command::simulate);
  std::size_t refused = 0;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    for (const char byte : {'\0', '\xff', '\n', '"', '[', '=', '#', '.', '9', '-', 'x'}) {
      std::string changed = whole;
      changed[i] = byte;
      CAPTURE(changed);
      refused += outcome(changed).empty() ? 0 : 1;
    }
  }
  CHECK(refused > whole.size());
}

TEST_CASE("configuration file that does not exist is a data error that names it") {
  Settings settings;
  CHECK_THROWS_WITH_AS(apply_toml_file(settings, "/nowhere/run.toml"),
                       doctest::Contains("/nowhere/run.toml"), DataError);
}

}  // namespace
}  // namespace syncline
