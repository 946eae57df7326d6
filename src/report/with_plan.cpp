#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "report/check_document.hpp"
#include "syncline/error.hpp"
#include "syncline/report.hpp"

namespace syncline {
namespace {

using Json = nlohmann::ordered_json;

/// "test_error 0.2"; empty if there is no target.
std::string target_of(const Json& document) {
  const Json& target = document.at("target");
  if (target.is_null() || target.at("value").is_null()) return "";
  return target.at("metric").get<std::string>() + " " + target.at("value").dump();
}

}  // namespace

Json with_plan(Json race, Json plan) {
  check_race(race);
  check_plan(plan);
  const Json& planned = plan.at("fleet").at("workers");
  if (planned != race.at("workers")) {
    throw DataError("the plan is for " + planned.dump() + " workers, the race has " +
                    race.at("workers").dump() + ": nothing in them can be compared; plan for " +
                    "the fleet of the race");
  }
  const std::string predicted = target_of(plan);
  const std::string measured = target_of(race);
  if (!predicted.empty() && !measured.empty() && predicted != measured) {
    throw DataError("the plan aims at a " + predicted + ", the race at a " + measured +
                    ": their times can't be compared; plan with the target of the race");
  }
  // The page of a race does not draw the laws that the plan's fleet was fitted to.
  plan["fleet"]["fit"] = nullptr;
  race["plan"] = std::move(plan);
  return race;
}

}  // namespace syncline
