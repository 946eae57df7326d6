#include "report/fitted_curves.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <string>

#include <nlohmann/json.hpp>

#include "syncline/delay_law.hpp"
#include "syncline/error.hpp"
#include "syncline/spec.hpp"

namespace syncline {
namespace {

using Json = nlohmann::ordered_json;

/// Enough to judge how much the choice of a law matters; more lines would hide each other.
constexpr std::size_t laws_drawn = 3;
constexpr std::size_t grid_points = 80;
/// The curves go on a little beyond the longest job.
constexpr double beyond = 1.25;

std::shared_ptr<const DelayLaw> law_of(const std::string& text, const std::string& path) {
  try {
    // A fitted law has numbers only. One that names a file would make the page's maker read it.
    const Spec spec = parse_spec(text);
    for (const auto& argument : spec.arguments) {
      static_cast<void>(parse_number(argument.value, argument.key));
    }
    return make_delay_law(text);
  } catch (const ConfigError& error) {
    throw DataError("fit document: '" + path + "' is no law of numbers: " + error.what());
  }
}

/// Times from the shortest to a little beyond the longest, evenly spread on a logarithmic scale.
Json grid_of(const Json& survival) {
  double shortest = std::numeric_limits<double>::infinity();
  double longest = 0;
  for (const auto& point : survival) {
    if (!point[0].is_number()) continue;
    const double time = point[0].get<double>();
    if (time > 0 && std::isfinite(time)) {
      shortest = std::min(shortest, time);
      longest = std::max(longest, time);
    }
  }
  Json grid = Json::array();
  if (longest <= 0) return grid;
  const double from = std::log(shortest / beyond);
  const double to = std::log(longest * beyond);
  for (std::size_t i = 0; i < grid_points; ++i) {
    const double part = static_cast<double>(i) / static_cast<double>(grid_points - 1);
    grid.push_back(std::exp(from + part * (to - from)));
  }
  return grid;
}

void add_to(Json& group, const std::string& path) {
  const Json& laws = group.at("laws");
  Json grid = grid_of(group.at("survival"));
  if (laws.empty() || grid.empty()) return;
  Json curves = Json::array();
  for (std::size_t i = 0; i < std::min(laws_drawn, laws.size()); ++i) {
    const auto& text = laws[i].at("law").get_ref<const std::string&>();
    const auto law = law_of(text, path + ".laws[" + std::to_string(i) + "].law");
    Json survival = Json::array();
    for (const auto& time : grid) survival.push_back(law->survival(time.get<double>()));
    curves.push_back({{"law", text}, {"survival", std::move(survival)}});
  }
  group["fitted"] = {{"time", std::move(grid)}, {"laws", std::move(curves)}};
}

void add_to_each(Json& list, const std::string& name) {
  std::size_t i = 0;
  for (auto& member : list) add_to(member.at("fit"), name + "[" + std::to_string(i++) + "].fit");
}

}  // namespace

void add_fitted_curves(Json& fit) {
  add_to(fit.at("pooled"), "pooled");
  add_to_each(fit.at("groups"), "groups");
  add_to_each(fit.at("workers"), "workers");
}

}  // namespace syncline
