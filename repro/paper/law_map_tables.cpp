#include "law_map_tables.hpp"

#include "law_map_pictures.hpp"
#include "words.hpp"

namespace syncline::repro::law_map {
namespace {

std::string with_step(const Racer& racer, std::uint32_t workers, bool tuned) {
  const std::string name = short_name(racer.point, workers);
  return tuned ? name + ", " + number(racer.step) : name;
}

std::string gain_text(const Race& race, const Racer& racer) {
  const auto gain = race.speed_up_of(racer);
  if (!gain) return "-";
  return number(gain->mean, 3) + " (" + number(gain->lower, 3) + " to " + number(gain->upper, 3) +
         ")";
}

std::string behind_text(const Judged& judged) {
  if (!judged.any) return "-";
  if (!std::isfinite(judged.behind)) return "**too slow**";
  const std::string text = judged.behind > 0 ? "+" + percent(judged.behind, 0) : "the winner";
  return judged.hit ? text : "**" + text + "**";
}

}  // namespace

void add_winners_table(Section& section, const std::vector<CellOfMap>& cells, bool tuned,
                       const Predictor& predictor) {
  section.columns = {"law",
                     "P",
                     "winner",
                     "time",
                     "sync's time",
                     "times as fast as sync (95 %)",
                     "clear",
                     "predicted",
                     "times as fast, predicted",
                     "the predicted one, measured"};
  for (const CellOfMap& cell : cells) {
    const Race& race = cell.race(tuned);
    const Racer& best = race.best();
    const Racer& sync = race.racers[race.sync];
    const Judged judged = judge(cell, tuned, predictor);
    const auto time = [](const Racer& racer) {
      return with_error({racer.mean, racer.standard_error, racer.times.size()});
    };
    section.rows.push_back(
        {cell.row->title, std::to_string(cell.workers), with_step(best, cell.workers, tuned),
         time(best), time(sync), gain_text(race, best), race.clear ? "yes" : "no",
         judged.any ? short_name(race.racers[judged.named].point, cell.workers) : "-",
         judged.any ? number(judged.speed_up, 3) : "-", behind_text(judged)});
  }
}

void add_runtime_table(Section& section, const std::vector<CellOfMap>& cells) {
  constexpr std::uint32_t workers = 8;
  constexpr double as_good = 0.03;
  for (const CellOfMap& cell : cells) {
    if (cell.workers != workers) continue;
    if (section.columns.empty()) {
      section.columns = {"law", "ageing"};
      for (const Racer& racer : cell.same.racers) {
        section.columns.push_back(short_name(racer.point, workers));
      }
    }
    std::vector<std::string> row = {cell.row->title, ageing_text(cell.row->ageing)};
    for (const Expected& expected : cell.theory) {
      std::string text = number(expected.runtime, 3);
      if (std::abs(expected.runtime / expected.simulated - 1) > as_good) {
        text += " (" + number(expected.simulated, 3) + ")";
      }
      row.push_back(std::move(text));
    }
    section.rows.push_back(std::move(row));
  }
}

void add_law_table(Section& section) {
  section.columns = {"row", "time of a job", "ageing"};
  for (const Row& row : rows()) {
    section.rows.push_back({row.title, row.words, ageing_text(row.ageing)});
  }
}

void add_score_table(Section& section, const std::vector<CellOfMap>& cells) {
  section.columns = {"prediction",
                     "best step sizes: hits",
                     "within 10 %",
                     "behind the best, median",
                     "one step size: hits",
                     "within 10 %",
                     "behind the best, median"};
  for (const Predictor& predictor :
       {planner(), carried_over(cells, Runtime::theory), carried_over(cells, Runtime::simulated),
        always("async"), always("k-sync(k=1)"), always("sync")}) {
    std::vector<std::string> row = {predictor.title};
    for (const bool tuned : {true, false}) {
      const Score made = score(cells, tuned, predictor);
      row.push_back(std::to_string(made.hits) + " of " + std::to_string(made.cells));
      row.push_back(std::to_string(made.within));
      row.push_back(std::isfinite(made.median_behind) ? percent(made.median_behind, 0)
                                                      : "too slow");
    }
    section.rows.push_back(std::move(row));
  }
}

}  // namespace syncline::repro::law_map
