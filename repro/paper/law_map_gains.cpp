#include "law_map_gains.hpp"

#include <algorithm>

#include "curves.hpp"
#include "words.hpp"

namespace syncline::repro::law_map {
namespace {

using Cells = std::vector<CellOfMap>;

/// Of the winner over sync: the geometric mean over the seeds.
double gain(const Race& race) {
  const auto gain = race.speed_up_of(race.best());
  return gain ? gain->mean : NAN;
}

/// Whether the gain in one race is above that in another beyond doubt: the 95 % interval of the
/// paired difference of logarithms lies above 0.
bool clearly_larger(const Race& large, const Race& small) {
  const std::vector<double> a = large.log_gains(), b = small.log_gains();
  if (a.empty() || a.size() != b.size()) return false;
  const auto ratio = difference(a, b);
  return ratio && ratio->lower > 0;
}

/// Whether the gain in each row of `large` is above that in `small`, for every P, best step sizes.
void add_order(std::vector<Claim>& claims, const Cells& cells, const std::string& text,
               const std::string& source, const std::string& small,
               const std::vector<std::string>& large, bool expected) {
  std::size_t clear = 0, pairs = 0;
  std::string values;
  for (const std::uint32_t workers : columns()) {
    const CellOfMap* low = find_cell(cells, small, workers);
    double next = INFINITY;
    for (const std::string& row : large) {
      const CellOfMap* high = find_cell(cells, row, workers);
      if (low == nullptr || high == nullptr) continue;
      next = std::min(next, gain(high->tuned));
      ++pairs;
      if (clearly_larger(high->tuned, low->tuned)) ++clear;
    }
    if (!std::isfinite(next)) continue;
    values += "; P = " + std::to_string(workers) + ": " + number(gain(low->tuned), 3) +
              " against " + number(next, 3);
  }
  if (pairs == 0) return;
  claims.push_back({text, source, clear == pairs,
                    "beyond doubt in " + std::to_string(clear) + " of " + std::to_string(pairs) +
                        " comparisons" + values + (large.size() > 1 ? " or more" : ""),
                    expected});
}

std::vector<std::string> all_rows_but(const std::string& key) {
  std::vector<std::string> others;
  for (const Row& row : rows()) {
    if (row.key != key) others.push_back(row.key);
  }
  return others;
}

/// Sync at a step size that suits others is slower than it need be.
Claim one_step_overstates(const Cells& cells) {
  std::size_t larger = 0;
  std::vector<double> ratios;
  for (const CellOfMap& cell : cells) {
    if (clearly_larger(cell.same, cell.tuned)) ++larger;
    ratios.push_back(gain(cell.same) / gain(cell.tuned));
  }
  std::sort(ratios.begin(), ratios.end());
  return {"One step size for all makes the gain over sync look larger than the best of each",
          "here", larger == cells.size(),
          "beyond doubt in " + std::to_string(larger) + " of " + std::to_string(cells.size()) +
              " cells; " + number(ratios[ratios.size() / 2], 2) + " times as large in the median",
          true};
}

}  // namespace

void add_gain_claims(std::vector<Claim>& claims, const Cells& cells) {
  add_order(claims, cells, "The gain over sync is smallest where times hardly vary (gamma 25)",
            "theory", "gamma-25", all_rows_but("gamma-25"), true);
  add_order(claims, cells,
            "Unlike workers make the gain over sync larger: exponential times, half of them 5 "
            "times slower, against all alike",
            "theory", "exponential", {"unlike-exponential"}, true);
  add_order(claims, cells, "The same with shifted exponential times", "theory", "shifted",
            {"unlike-shifted"}, true);
  add_order(claims, cells,
            "Slow states make the gain over sync larger than a steady law does whose single jobs "
            "vary more (gamma 2)",
            "here", "gamma-2", {"slow-states"}, false);
  add_order(claims, cells, "A server's link makes the gain over sync smaller than without it",
            "here", "server-link", {"exponential"}, false);
  claims.push_back(one_step_overstates(cells));
}

}  // namespace syncline::repro::law_map
