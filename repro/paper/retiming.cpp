#include "retiming.hpp"

#include <cmath>

#include "verdict.hpp"
#include "words.hpp"

namespace syncline::repro {
namespace {

double after_updates(const Results& results, const Path& path, std::size_t seed, double updates,
                     const AfterUpdates& figure) {
  for (const Trial& trial : path) {
    const auto found = results.runs.find(trial.key + "-seed-" + std::to_string(seed));
    if (found == results.runs.end()) continue;
    const double value = figure(found->second, updates);
    if (std::isfinite(value)) return value;
  }
  return std::nan("");
}

}  // namespace

std::vector<std::vector<double>> after_updates(const Results& results,
                                               const std::vector<Path>& paths,
                                               const std::vector<double>& updates,
                                               const AfterUpdates& figure) {
  std::vector<std::vector<double>> values(paths.size());
  for (std::size_t seed = 1; seed <= results.runs.size(); ++seed) {
    std::vector<double> round;
    for (std::size_t i = 0; i < paths.size(); ++i) {
      const double value = after_updates(results, paths[i], seed, updates[i], figure);
      if (std::isfinite(value)) round.push_back(value);
    }
    if (round.size() < paths.size()) continue;
    for (std::size_t i = 0; i < round.size(); ++i) values[i].push_back(round[i]);
  }
  return values;
}

Grid best_at(const Results& results, const std::vector<Path>& paths, const AfterUpdates& figure,
             const std::vector<Delays>& delays, const std::vector<double>& times) {
  Grid grid;
  for (const Path& path : paths) grid.legend.emplace_back(path.front().title, path.front().color);
  for (std::size_t row = 0; row < times.size(); ++row) {
    grid.rows.push_back(number(times[row]));
    for (std::size_t column = 0; column < delays.size(); ++column) {
      if (row == 0) grid.columns.push_back(delays[column].name);
      std::vector<double> updates;
      for (const double time : delays[column].update_times) updates.push_back(times[row] / time);
      const auto best = lowest(after_updates(results, paths, updates, figure));
      if (!best) continue;
      const Trial& winner = paths[best->index].front();
      Cell cell{row, column, {}, winner.title};
      if (best->clear) {
        cell.color = winner.color;
      } else {
        cell.note = "no clear lead";
      }
      grid.cells.push_back(std::move(cell));
    }
  }
  return grid;
}

}  // namespace syncline::repro
