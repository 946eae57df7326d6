#include "field/league.hpp"

#include <algorithm>
#include <cmath>

#include "picture.hpp"
#include "words.hpp"

namespace syncline::repro {
namespace {

const FieldRace& race_named(const League& league, const std::string& id) {
  return *std::find_if(league.races.begin(), league.races.end(),
                       [&](const FieldRace& race) { return race.id == id; });
}

const Entry& entry_named(const League& league, const std::string& name) {
  return *std::find_if(league.entries.begin(), league.entries.end(),
                       [&](const Entry& entry) { return entry.name == name; });
}

/// Bars of those that got there, the best first; then the names of those that did not.
Json panel_of(const League& league, const Results& results, const FieldRace& race) {
  std::vector<std::pair<Tuned, const Entry*>> standings;
  for (const Entry& entry : league.entries) {
    if (auto tuned = standing(league, results, race.id, entry.name)) {
      standings.emplace_back(std::move(*tuned), &entry);
    }
  }
  std::stable_sort(standings.begin(), standings.end(),
                   [](const auto& a, const auto& b) { return a.first.rank() < b.first.rank(); });
  std::vector<Bar> bars;
  for (const auto& [tuned, entry] : standings) {
    Bar bar;
    bar.name = entry->name;
    bar.color = entry->color;
    bar.text = value_text(tuned, race);
    if (tuned.reached()) {
      const Summary summary = tuned.summary();
      bar.value = summary.mean;
      bar.low = std::max(0.0, summary.mean - 2 * summary.standard_error);
      bar.high = summary.mean + 2 * summary.standard_error;
    }
    bars.push_back(std::move(bar));
  }
  return bars_panel(race.title, race.compares_times() ? "time to target" : "loss at the end", bars);
}

}  // namespace

std::vector<Part> league_parts(const League& league) {
  std::vector<Part> parts;
  for (const FieldRace& race : league.races) {
    for (const Entry& entry : league.entries) parts.push_back(tuned_part(race, entry));
  }
  return parts;
}

League quick_league(League league, std::size_t entries) {
  league.races.resize(1);
  FieldRace& race = league.races.front();
  const std::size_t middle = race.step_sizes.size() / 2;
  race.step_sizes = {race.step_sizes[middle], race.step_sizes.back() / 8};
  race.seeds = 1;
  race.base.stop.time /= 4;
  if (league.entries.size() > entries) {
    league.entries.erase(league.entries.begin() + static_cast<std::ptrdiff_t>(entries),
                         league.entries.end());
  }
  for (Entry& entry : league.entries) entry.policies.resize(1);
  return league;
}

std::optional<Tuned> standing(const League& league, const Results& results, const std::string& race,
                              const std::string& entry) {
  const auto found =
      results.parts.find(part_name(race_named(league, race), entry_named(league, entry)));
  if (found == results.parts.end()) return std::nullopt;
  return tuned_of(found->second);
}

std::vector<Section> league_sections(const League& league, const Results& results,
                                     const std::string& picture_title) {
  if (results.parts.empty()) return {};
  Section values{.heading = "Who gets there first", .text = ""};
  Section settings{.heading = "With which settings",
                   .text = "Parameter and step size that won on the tuning seed."};
  if (!league.races.front().compares_times()) values.heading = "Where everybody ends";
  values.columns = settings.columns = {"algorithm"};
  std::vector<Json> panels;
  for (const FieldRace& race : league.races) {
    values.columns.push_back(race.title);
    settings.columns.push_back(race.title);
    Json panel = panel_of(league, results, race);
    if (!panel.at("bars").empty()) panels.push_back(std::move(panel));
  }
  for (const Entry& entry : league.entries) {
    std::vector<std::string> row = {entry.name};
    std::vector<std::string> choice = {entry.name};
    for (const FieldRace& race : league.races) {
      const auto tuned = standing(league, results, race.id, entry.name);
      row.push_back(tuned ? value_text(*tuned, race) : "-");
      choice.push_back(tuned && !tuned->policy.empty()
                           ? "`" + tuned->policy + "`, " + number(tuned->step_size)
                           : "-");
    }
    values.rows.push_back(std::move(row));
    settings.rows.push_back(std::move(choice));
  }
  values.pictures.push_back(picture(league.id, picture_title,
                                    "The bars of the table above, the best first in each panel.",
                                    league.races.size() > 1 ? 2 : 1, std::move(panels)));
  return {std::move(values), std::move(settings)};
}

std::optional<Claim> better_claim(const League& league, const Results& results,
                                  const std::string& race, const std::string& first,
                                  const std::string& second, double factor, const std::string& text,
                                  const std::string& source) {
  const auto a = standing(league, results, race, first);
  const auto b = standing(league, results, race, second);
  if (!a || !b) return std::nullopt;
  const FieldRace& where = race_named(league, race);
  Claim claim;
  claim.text = text;
  claim.source = source;
  // Who missed the target is at least at the end of the race.
  const double bound = b->reached() ? b->rank() : where.base.stop.time;
  claim.holds = a->reached() && a->rank() * factor <= bound;
  claim.evidence = first + " " + value_text(*a, where) + ", " + second + " " +
                   value_text(*b, where) + " (" + where.title + ")";
  return claim;
}

}  // namespace syncline::repro
