// The reference table: Monte Carlo means with standard errors, and exact values where known, for
// laws x P x variants x K. Each row is simulated in independent replications, whose spread gives
// our own standard error; 4.5 combined standard errors are allowed.

#include <cmath>
#include <map>
#include <sstream>

#include <doctest/doctest.h>

#include "base/summary.hpp"
#include "support/reference.hpp"
#include "syncline/simulate.hpp"

namespace syncline {
namespace {

constexpr std::uint64_t replications = 24;
constexpr std::uint64_t updates = 2000;
constexpr double allowed = 4.5;

/// Our value of each quantity of the table.
std::map<std::string, double> quantities(const nlohmann::ordered_json& result) {
  const auto& positions = result.at("fresh_fraction_by_position");
  return {{"E_T", result.at("runtime_per_update").at("mean")},
          {"staleness", result.at("staleness").at("mean")},
          {"p_fresh", result.at("fresh_fraction")},
          {"p_fresh_first", positions.at(0)},
          {"cancelled_time", result.at("cancelled_time_fraction")},
          {"cancelled_tasks", result.at("cancelled_job_fraction")},
          {"idle", result.at("idle_fraction")},
          {"useful", 1 - result.at("idle_fraction").get<double>() -
                         result.at("cancelled_time_fraction").get<double>()}};
}

struct Expected {
  double value = 0;
  double standard_error = 0;
};

std::optional<Expected> expected(const nlohmann::json& row, const std::string& name) {
  if (!row.contains(name)) return std::nullopt;
  const auto& entry = row.at(name);
  if (entry.is_number()) return Expected{entry.get<double>(), 0};
  if (!entry.at("exact").is_null()) return Expected{entry.at("exact").get<double>(), 0};
  if (entry.at("mc").is_null()) return std::nullopt;
  return Expected{entry.at("mc").get<double>(), entry.at("se").get<double>()};
}

/// What a window of finite length may be off by in counting: P jobs overlap each of its ends.
double boundary(const std::string& name, double workers, double k) {
  if (name == "staleness") return workers * (workers / k + 1) / (static_cast<double>(updates) * k);
  return 1e-6 + 4 * workers / (static_cast<double>(updates) * k * replications);
}

TEST_CASE("simulate, every row of the reference table, agrees within 4.5 standard errors") {
  const nlohmann::json table = testing::reference("values.json");
  REQUIRE(table.at("rows").size() == 518);
  std::size_t compared = 0;
  for (const auto& row : table.at("rows")) {
    SimulationConfig config;
    config.fleet.workers = row.at("P");
    config.policy = testing::policy_text(row.at("variant"), row.at("K"));
    config.fleet.delay = testing::delay_text(row.at("law"), config.fleet.workers);
    config.updates = updates;
    std::map<std::string, std::vector<double>> samples;
    for (std::uint64_t seed = 1; seed <= replications; ++seed) {
      config.seed = seed;
      for (const auto& [name, value] : quantities(simulate(config, {}))) {
        samples[name].push_back(value);
      }
    }
    for (const auto& [name, values] : samples) {
      const auto wanted = expected(row, name);
      if (!wanted) continue;
      const Summary summary = summarise(values);
      const double tolerance =
          allowed * std::hypot(wanted->standard_error, summary.standard_error) +
          boundary(name, config.fleet.workers, row.at("K").get<double>());
      INFO(config.policy, " ", config.fleet.delay, " P=", config.fleet.workers, " ", name);
      CHECK(std::abs(summary.mean - wanted->value) <= tolerance);
      ++compared;
    }
  }
  CHECK(compared > 3000);
}

}  // namespace
}  // namespace syncline
