#include "law_map_pictures.hpp"

#include <algorithm>
#include <cstdio>

#include "trial.hpp"
#include "words.hpp"

namespace syncline::repro::law_map {
namespace {

int color_of(const VariantPoint& point, std::uint32_t workers) {
  switch (point.family) {
    case VariantFamily::k_sync:
      return point.k == workers ? color::sync : color::k_sync;
    case VariantFamily::k_batch_sync:
      return color::k_batch_sync;
    case VariantFamily::k_async:
      return point.k == 1 ? color::async : color::k_async;
    case VariantFamily::k_batch_async:
      return color::k_batch_async;
  }
  return color::sync;
}

/// An empty map with the rows and columns of these cells.
class Map {
 public:
  explicit Map(const std::vector<CellOfMap>& cells) {
    grid_.x_label = "workers";
    grid_.y_label = "law";
    for (const Row& row : rows()) {
      for (const CellOfMap& cell : cells) {
        if (cell.row != &row) continue;
        rows_.push_back(&row);
        grid_.rows.push_back(row.title);
        break;
      }
    }
    for (const std::uint32_t workers : columns()) {
      for (const CellOfMap& cell : cells) {
        if (cell.workers != workers) continue;
        columns_.push_back(workers);
        grid_.columns.push_back(std::to_string(workers));
        break;
      }
    }
  }

  void put(const CellOfMap& cell, std::optional<int> color, const std::string& text,
           const std::string& note) {
    const auto row = std::find(rows_.begin(), rows_.end(), cell.row) - rows_.begin();
    const auto column =
        std::find(columns_.begin(), columns_.end(), cell.workers) - columns_.begin();
    grid_.cells.push_back(
        {static_cast<std::size_t>(row), static_cast<std::size_t>(column), color, text, note});
  }

  [[nodiscard]] Json panel(const std::string& title,
                           const std::vector<std::pair<std::string, int>>& legend) {
    grid_.legend = legend;
    return grid_panel(title, grid_);
  }

 private:
  std::vector<const Row*> rows_;
  std::vector<std::uint32_t> columns_;
  Grid grid_;
};

std::vector<std::pair<std::string, int>> legend() {
  return {{"sync", color::sync},
          {"K-sync", color::k_sync},
          {"K-batch-sync (Kb)", color::k_batch_sync},
          {"K-async", color::k_async},
          {"K-batch-async (Kb)", color::k_batch_async},
          {"async", color::async}};
}

}  // namespace

std::string short_name(const VariantPoint& point, std::uint32_t workers) {
  const std::string k = " " + std::to_string(point.k);
  switch (point.family) {
    case VariantFamily::k_sync:
      return point.k == workers ? "sync" : "K-sync" + k;
    case VariantFamily::k_batch_sync:
      return "Kb-sync" + k;
    case VariantFamily::k_async:
      return point.k == 1 ? "async" : "K-async" + k;
    case VariantFamily::k_batch_async:
      return "Kb-async" + k;
  }
  return "";
}

std::string times_as_fast(double factor) {
  if (!std::isfinite(factor)) return "-";
  char text[32];
  std::snprintf(text, sizeof text, "%.*fx", factor < 10 ? 1 : 0, factor);
  return text;
}

Picture winners_picture(const std::vector<CellOfMap>& cells, bool tuned,
                        const Predictor& predictor) {
  Map map(cells);
  for (const CellOfMap& cell : cells) {
    const Race& race = cell.race(tuned);
    if (!race.best().arrived()) continue;
    const auto gain = race.speed_up_of(race.best());
    const Judged judged = judge(cell, tuned, predictor);
    std::string theory = "nobody";
    if (judged.any) {
      theory = short_name(race.racers[judged.named].point, cell.workers) + ", " +
               times_as_fast(judged.speed_up) + (judged.hit ? "" : " !");
    }
    map.put(cell, color_of(race.best().point, cell.workers),
            short_name(race.best().point, cell.workers) + ", " +
                (gain ? times_as_fast(gain->mean) : "-") + (race.clear ? "" : " ~"),
            theory);
  }
  const std::string steps = tuned ? "the best step size of each" : "one step size for all";
  return picture(
      std::string("beyond-law-map-") + (tuned ? "tuned" : "same"),
      "Who reaches the target first, " + steps,
      "A map of delay laws and numbers of workers: which variant reaches the target "
      "first and how many times as fast as sync, with whom theory names, with " +
          steps + ". The numbers are in the table.",
      1,
      {map.panel("Above: the first, and how many times as fast as sync it was. Below: theory's "
                 "choice, and what it expects.",
                 legend())});
}

double throughput(const CellOfMap& cell, const Expected& expected) {
  double async = NAN;
  for (const Expected& other : cell.theory) {
    if (other.policy == "async") async = 1 / other.simulated;
  }
  return expected.k / expected.simulated / async;
}

const Expected* best_cancelling(const CellOfMap& cell) {
  const Expected* best = nullptr;
  for (std::size_t i = 0; i < cell.theory.size(); ++i) {
    if (!cancels(cell, cell.same.racers[i])) continue;
    const Expected& expected = cell.theory[i];
    if (best == nullptr || throughput(cell, expected) > throughput(cell, *best)) best = &expected;
  }
  return best;
}

Picture throughput_picture(const std::vector<CellOfMap>& cells) {
  constexpr double as_good = 0.03;
  Map map(cells);
  for (const CellOfMap& cell : cells) {
    const Expected* best = best_cancelling(cell);
    if (best == nullptr) continue;
    const double ratio = throughput(cell, *best);
    std::optional<int> color;
    if (ratio > 1 + as_good) color = color::k_sync;
    if (ratio < 1 - as_good) color = color::async;
    const auto point = variant_point(best->policy, cell.workers).value();
    map.put(cell, color, number(ratio, 2) + "x", short_name(point, cell.workers));
  }
  return picture(
      "beyond-law-map-throughput", "What cancelling gains or loses in time alone",
      "A map of delay laws and numbers of workers: gradients in a unit of time of the best "
      "variant that cancels, over those of async. Above 1 under the NWU laws only, near 1 "
      "under exponential and lognormal times.",
      1,
      {map.panel("Gradients used in a unit of time, cancelling over async",
                 {{"cancelling makes more", color::k_sync}, {"async makes more", color::async}})});
}

}  // namespace syncline::repro::law_map
