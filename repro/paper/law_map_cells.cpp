#include "law_map_cells.hpp"

#include "base/summary.hpp"

namespace syncline::repro::law_map {
namespace {

double number_or_infinity(const Json& json) {
  return json.is_null() ? INFINITY : json.get<double>();
}

Racer racer_of(const Json& json, std::uint32_t workers) {
  Racer racer;
  racer.policy = json.at("policy");
  racer.point = variant_point(racer.policy, workers).value();
  racer.step = json.at("step_size");
  racer.limit = json.at("limit");
  std::vector<double> arrived;
  for (const Json& time : json.at("times")) {
    racer.times.push_back(time.is_null() ? std::nullopt : std::optional(time.get<double>()));
    if (!time.is_null()) arrived.push_back(time);
  }
  if (arrived.empty() || arrived.size() < racer.times.size()) return racer;
  const Summary summary = summarise(arrived);
  racer.mean = summary.mean;
  racer.standard_error = summary.standard_error;
  racer.updates = json.at("updates");
  return racer;
}

Race race_of(const Json& json, std::uint32_t workers) {
  Race race;
  for (const Json& one : json) {
    race.racers.push_back(racer_of(one, workers));
    if (race.racers.back().mean < race.best().mean) race.winner = race.racers.size() - 1;
    if (race.racers.back().policy == "sync") race.sync = race.racers.size() - 1;
  }
  race.clear = true;
  for (const Racer& other : race.racers) {
    if (&other == &race.best()) continue;
    const auto lead = behind(race.best(), other);
    if (lead && lead->lower <= 0) race.clear = false;
  }
  return race;
}

std::vector<Expected> theory_of(const Json& json) {
  std::vector<Expected> theory;
  for (const Json& one : json) {
    Expected expected;
    expected.policy = one.at("policy");
    expected.k = one.at("k");
    expected.staleness = one.at("staleness");
    expected.runtime = one.at("runtime");
    expected.simulated = one.at("simulated");
    expected.kind = one.at("kind");
    for (const Json& time : one.at("planner")) {
      expected.planner.push_back(number_or_infinity(time));
    }
    theory.push_back(std::move(expected));
  }
  return theory;
}

std::vector<double> arrivals(const Racer& racer) {
  std::vector<double> times;
  for (const auto& time : racer.times) times.push_back(time.value_or(racer.limit));
  return times;
}

}  // namespace

std::optional<Interval> Race::speed_up_of(const Racer& racer) const {
  if (!racer.arrived() || !racers[sync].arrived()) return std::nullopt;
  return speed_up(arrivals(racers[sync]), arrivals(racer));
}

std::vector<double> Race::log_gains() const {
  std::vector<double> gains;
  if (!best().arrived() || !racers[sync].arrived()) return gains;
  for (std::size_t i = 0; i < best().times.size(); ++i) {
    gains.push_back(std::log(*racers[sync].times[i] / *best().times[i]));
  }
  return gains;
}

std::optional<Interval> behind(const Racer& a, const Racer& b) {
  if (a.times.empty() || b.times.empty()) return std::nullopt;
  const std::vector<double> first = arrivals(a), second = arrivals(b);
  std::vector<double> differences;
  for (std::size_t i = 0; i < first.size(); ++i) differences.push_back(second[i] - first[i]);
  return mean_interval(differences);
}

std::vector<CellOfMap> cells_of(const Results& results) {
  std::vector<CellOfMap> cells;
  if (results.computed.is_null()) return cells;
  for (const Row& row : rows()) {
    for (const std::uint32_t workers : columns()) {
      const std::string name = cell_name(row, workers);
      const auto stored = results.parts.find(name);
      if (stored == results.parts.end() || !results.computed.contains(name)) continue;
      cells.push_back({&row, workers, race_of(stored->second.at("same"), workers),
                       race_of(stored->second.at("tuned"), workers),
                       theory_of(results.computed.at(name))});
    }
  }
  return cells;
}

const CellOfMap* find_cell(const std::vector<CellOfMap>& cells, const std::string& row,
                           std::uint32_t workers) {
  for (const CellOfMap& cell : cells) {
    if (cell.row->key == row && cell.workers == workers) return &cell;
  }
  return nullptr;
}

bool is_sync(const CellOfMap& cell, const Racer& racer) {
  return !is_stale(racer) && racer.point.k == cell.workers;
}

bool cancels(const CellOfMap& cell, const Racer& racer) {
  return !is_stale(racer) && !is_sync(cell, racer);
}

bool is_stale(const Racer& racer) {
  return racer.point.family == VariantFamily::k_async ||
         racer.point.family == VariantFamily::k_batch_async;
}

}  // namespace syncline::repro::law_map
