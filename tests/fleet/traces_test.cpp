// The reference traces: given service times, every instant is known exactly. All times are dyadic,
// so they are compared with ==.

#include <sstream>

#include <doctest/doctest.h>

#include "support/reference.hpp"
#include "support/temporary_folder.hpp"
#include "syncline/simulate.hpp"

namespace syncline {
namespace {

using testing::TemporaryFolder;

nlohmann::json service_times(const nlohmann::json& traces, const nlohmann::json& trace) {
  if (trace.at("service_times") == "trace_service_times") return traces.at("trace_service_times");
  REQUIRE(trace.at("service_times") == "all 1.0 (tie rule)");
  nlohmann::json times;
  for (int worker = 0; worker < trace.at("P").get<int>(); ++worker) {
    times[std::to_string(worker)] = std::vector<double>(20, 1.0);
  }
  return times;
}

TEST_CASE("simulate with given service times, every variant, replays the reference traces") {
  const nlohmann::json traces = testing::reference("traces.json");
  REQUIRE(traces.at("traces").size() == 9);
  for (const auto& trace : traces.at("traces")) {
    const TemporaryFolder folder;
    SimulationConfig config;
    config.policy = testing::policy_text(trace.at("variant"), trace.at("K"));
    CAPTURE(config.policy);
    config.fleet.workers = trace.at("P");
    config.fleet.delay =
        "service-times(file=" + folder.write("times.json", service_times(traces, trace).dump()) +
        ")";
    config.updates = trace.at("updates").size();
    config.log = (folder / "log.jsonl").string();
    const auto result = simulate(config, {});
    CHECK(result.at("updates") == config.updates);

    std::istringstream log(testing::read_file(config.log));
    std::string line;
    std::size_t updates = 0;
    while (std::getline(log, line)) {
      nlohmann::json record = nlohmann::json::parse(line);
      if (record.at("event") != "update") continue;
      record.erase("event");
      CHECK(record == trace.at("updates").at(updates));
      ++updates;
    }
    CHECK(updates == config.updates);
  }
}

}  // namespace
}  // namespace syncline
