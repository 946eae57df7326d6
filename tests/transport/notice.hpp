#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

// How long a fleet takes to notice that a worker is gone, by the times in its event log.
namespace syncline::testing {

/// A killed worker is down within a second, a stopped one after three heartbeats of 0.2 s. On a
/// machine with more to do than cores the server itself may be late by seconds, so these are four
/// seconds above. They are still below all other limits that would find a dead worker in the end:
/// 12 s until gRPC gives up a silent connection, 30 s until ranks of MPI give up each other. A
/// fleet that has lost its own way to notice does not stay below them.
inline constexpr double longest_notice_of_death = 1 + 4;
inline constexpr double longest_notice_of_stop = 0.6 + 4;

/// Of each worker that was up and went down, in the order of the log: the seconds from the last
/// that was heard of it, its arrival or its coming, until it was down. Where jobs take
/// milliseconds, that is as long as its end went unnoticed, or a bit longer.
inline std::vector<double> notices_of(const std::filesystem::path& log) {
  std::map<int, double> heard;
  std::vector<double> notices;
  std::ifstream file(log);
  for (std::string line; std::getline(file, line);) {
    const auto record = nlohmann::json::parse(line);
    const std::string event = record.at("event");
    if (event != "up" && event != "arrive" && event != "down") continue;
    const int worker = record.at("worker");
    const double time = record.at("time");
    if (event != "down") {
      heard[worker] = time;
    } else if (heard.contains(worker)) {
      notices.push_back(time - heard.at(worker));
      heard.erase(worker);
    }
  }
  return notices;
}

/// Whether there were updates after a worker that had been up was down. The log may still grow.
inline bool goes_on_after_death(const std::filesystem::path& log) {
  std::ifstream file(log);
  bool up = false, dead = false;
  for (std::string line; std::getline(file, line);) {
    const bool update = line.starts_with(R"({"event":"update",)");
    up = up || line.starts_with(R"({"event":"up",)");
    dead = dead || (up && line.starts_with(R"({"event":"down",)"));
    if (dead && update) return true;
  }
  return false;
}

}  // namespace syncline::testing
