#pragma once

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "cli/program.hpp"
#include "support/tiny_npy.hpp"

// Gradients that take longer than a server waits for a sign of life of a worker that hangs.
namespace syncline::testing {

/// More than three times the patience of three heartbeats.
inline constexpr double long_computing = 2;

/// One update of two workers whose every gradient is one piece of true computing: a wide network
/// and a large batch. Its log is `log` in the folder.
inline std::vector<std::string> long_gradients(const TemporaryFolder& folder, std::size_t batch) {
  constexpr TinyShape pictures{.height = 28, .width = 28, .train = 60, .test = 30};
  return {"--model",     "mlp(hidden=2048-2048)",
          "--data",      tiny_npy(folder, pictures),
          "--batch",     std::to_string(batch),
          "--policy",    "sync",
          "--step-size", "0.01",
          "--updates",   "1",
          "--log",       (folder.path() / "log").string()};
}

/// The shortest computing of any gradient that was used. Nobody may have been taken for dead, and
/// nothing may be lost.
inline double check_stragglers(const std::filesystem::path& log) {
  double shortest = 1e9;
  std::size_t ups = 0, used = 0;
  bool whole = false;
  std::ifstream file(log);
  for (std::string line; std::getline(file, line);) {
    CAPTURE(line);
    const auto record = nlohmann::json::parse(line);
    const std::string event = record.at("event");
    // At the start all are absent.
    if (event == "up") ++ups;
    CHECK((event != "down" || ups == 0));
    if (event == "end") {
      whole = record.at("outcome") == "finished";
      CHECK(record.at("gradients").at("lost") == 0);
    }
    if (event != "update") continue;
    for (const auto& gradient : record.at("grads")) {
      ++used;
      shortest = std::min(shortest,
                          gradient.at("push").get<double>() - gradient.at("start").get<double>());
    }
  }
  CHECK(ups == 2);
  CHECK(used == 2);
  CHECK(whole);
  return shortest;
}

/// Runs with larger and larger batches, for machines that are too fast for the first.
inline void check_long_gradients(
    const std::function<void(const TemporaryFolder&, std::size_t batch)>& run) {
  double shortest = 0;
  for (std::size_t batch = 3072; shortest < long_computing; batch *= 2) {
    CAPTURE(batch);
    REQUIRE(batch < 300'000);
    const TemporaryFolder folder;
    run(folder, batch);
    shortest = check_stragglers(folder.path() / "log");
  }
}

}  // namespace syncline::testing
