#include "law_map_contests.hpp"

namespace syncline::repro::law_map {

Contest contest(const CellOfMap& cell, bool tuned, const Wanted& first, const Wanted& second) {
  const Race& race = cell.race(tuned);
  const Racer* a = race.fastest([&](const Racer& racer) { return first(cell, racer); });
  const Racer* b = race.fastest([&](const Racer& racer) { return second(cell, racer); });
  if (a == nullptr || b == nullptr) {
    if (a == b) return Contest::open;
    return a != nullptr ? Contest::first : Contest::second;
  }
  const auto lead = behind(*a, *b);
  if (!lead || (lead->lower <= 0 && lead->upper >= 0)) return Contest::open;
  return lead->lower > 0 ? Contest::first : Contest::second;
}

std::string Tally::text() const {
  std::string text = std::to_string(first) + " of " + std::to_string(cells()) + " cells";
  if (second > 0) text += ", the reverse in " + std::to_string(second);
  constexpr std::size_t most_names = 4;
  if (not_first.empty() || not_first.size() > most_names) return text;
  text += "; not in ";
  for (std::size_t i = 0; i < not_first.size(); ++i) text += (i > 0 ? "; " : "") + not_first[i];
  return text;
}

Tally tally(const std::vector<CellOfMap>& cells, bool tuned,
            const std::function<bool(const CellOfMap& cell)>& where, const Wanted& first,
            const Wanted& second) {
  Tally tally;
  for (const CellOfMap& cell : cells) {
    if (!where(cell)) continue;
    switch (contest(cell, tuned, first, second)) {
      case Contest::first:
        ++tally.first;
        continue;
      case Contest::second:
        ++tally.second;
        break;
      case Contest::open:
        ++tally.open;
        break;
    }
    tally.not_first.push_back(title_of(cell));
  }
  return tally;
}

std::string title_of(const CellOfMap& cell) {
  return cell.row->title + ", P = " + std::to_string(cell.workers);
}

}  // namespace syncline::repro::law_map
