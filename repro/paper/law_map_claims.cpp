#include "law_map_claims.hpp"

#include <algorithm>

#include "law_map_contests.hpp"
#include "law_map_pictures.hpp"
#include "law_map_prediction.hpp"
#include "law_map_race.hpp"
#include "words.hpp"

namespace syncline::repro::law_map {
namespace {

using Cells = std::vector<CellOfMap>;
using Where = std::function<bool(const CellOfMap& cell)>;

Where ages(Ageing ageing) {
  return [=](const CellOfMap& cell) { return cell.row->ageing == ageing; };
}

bool stale(const CellOfMap&, const Racer& racer) { return is_stale(racer); }

/// Adds "everywhere the first kind wins beyond doubt", if any such cell is there.
void add_contest(std::vector<Claim>& claims, const std::string& text, const std::string& source,
                 const Tally& tally, bool expected) {
  if (tally.cells() == 0) return;
  claims.push_back({text, source, tally.first == tally.cells(), tally.text(), expected});
}

/// For each kind of variant, in how many cells its best one is clearly behind the best of all.
Claim nobody_wins_everywhere(const Cells& cells) {
  const std::vector<std::pair<std::string, Wanted>> kinds = {
      {"sync", is_sync},
      {"K-sync and K-batch-sync", cancels},
      {"K-async and K-batch-async",
       [](const CellOfMap&, const Racer& racer) {
         return is_stale(racer) && racer.policy != "async";
       }},
      {"async", [](const CellOfMap&, const Racer& racer) { return racer.policy == "async"; }}};
  Claim claim{"No kind of variant is best, or as good as the best, everywhere", "here", true, "",
              true};
  for (const auto& [name, kind] : kinds) {
    const Tally beaten = tally(
        cells, true, [](const CellOfMap&) { return true; },
        [&kind = kind](const CellOfMap& cell, const Racer& racer) { return !kind(cell, racer); },
        kind);
    claim.holds = claim.holds && beaten.first > 0;
    claim.evidence += (claim.evidence.empty() ? "clearly behind the best of the others: " : "; ") +
                      name + " in " + std::to_string(beaten.first) + " of " +
                      std::to_string(beaten.cells());
  }
  return claim;
}

double gain(const CellOfMap& cell) {
  const auto gain = cell.tuned.speed_up_of(cell.tuned.best());
  return gain ? gain->mean : NAN;
}

/// Whether the gain over sync is smaller in one row than in others, for every P.
void add_gain_order(std::vector<Claim>& claims, const Cells& cells, const std::string& text,
                    const std::string& source, const std::string& small,
                    const std::vector<std::string>& large, bool expected) {
  Claim claim{text, source, true, "", expected};
  for (const std::uint32_t workers : columns()) {
    const CellOfMap* low = find_cell(cells, small, workers);
    double next = INFINITY;
    for (const std::string& row : large) {
      const CellOfMap* high = find_cell(cells, row, workers);
      if (high != nullptr) next = std::min(next, gain(*high));
    }
    if (low == nullptr || !std::isfinite(next)) continue;
    claim.holds = claim.holds && gain(*low) < next;
    claim.evidence += (claim.evidence.empty() ? "P = " : "; P = ") + std::to_string(workers) +
                      ": " + times_as_fast(gain(*low)) + " against " + times_as_fast(next);
  }
  if (!claim.evidence.empty()) claims.push_back(claim);
}

std::vector<std::string> all_rows_but(const std::string& key) {
  std::vector<std::string> others;
  for (const Row& row : rows()) {
    if (row.key != key) others.push_back(row.key);
  }
  return others;
}

/// The race among workers with links of their own is that of the shifted exponential law: a
/// message each way is a fixed part of the job.
void add_own_links(std::vector<Claim>& claims, const Cells& cells) {
  constexpr double as_equal = 0.05;
  double largest = 0;
  std::size_t compared = 0;
  for (const std::uint32_t workers : columns()) {
    const CellOfMap* links = find_cell(cells, "own-links", workers);
    const CellOfMap* shifted = find_cell(cells, "shifted", workers);
    if (links == nullptr || shifted == nullptr) continue;
    for (std::size_t i = 0; i < links->same.racers.size(); ++i) {
      const Racer &a = links->same.racers[i], &b = shifted->same.racers[i];
      if (!a.arrived() || !b.arrived()) continue;
      largest = std::max(largest, std::abs(a.mean / b.mean - 1));
      ++compared;
    }
  }
  if (compared == 0) return;
  claims.push_back(
      {"A link of each worker's own only lengthens its jobs: the same times to the "
       "target as under the shifted exponential law",
       "theory", largest < as_equal,
       "they differ by " + percent(largest) + " at most over " + std::to_string(compared) +
           " times (one step size for all)",
       true});
}

void add_score(std::vector<Claim>& claims, const Cells& cells, const Predictor& predictor,
               const std::string& who, bool tuned, double share, bool expected) {
  const Score made = score(cells, tuned, predictor);
  if (made.cells == 0) return;
  claims.push_back(
      {who + " names a winner within 10 % of the best in at least " + percent(share, 0) +
           " of the cells, " + (tuned ? "best step sizes" : "one step size for all"),
       "theory", static_cast<double>(made.hits) >= share * static_cast<double>(made.cells),
       std::to_string(made.hits) + " of " + std::to_string(made.cells) + "; the one named was " +
           percent(made.median_behind, 0) + " behind in the median",
       expected});
}

}  // namespace

std::vector<Claim> claims(const Cells& cells) {
  std::vector<Claim> claims;
  if (cells.empty()) return claims;
  claims.push_back(nobody_wins_everywhere(cells));
  add_contest(claims, "Under NWU laws a variant that cancels wins", "theory",
              tally(cells, true, ages(Ageing::nwu), cancels, stale), true);
  add_contest(claims,
              "Under NBU laws a variant that lets stragglers finish beats those that cancel",
              "theory", tally(cells, true, ages(Ageing::nbu), stale, cancels), true);
  add_own_links(claims, cells);
  add_score(claims, cells, planner(), "The planner's theory", true, 0.8, true);
  add_score(claims, cells, planner(), "The planner's theory", false, 0.8, false);
  add_score(claims, cells, carried_over(cells),
            "What one cell needs in updates, times theory's "
            "time per update,",
            true, 0.8, true);
  add_score(claims, cells, carried_over(cells),
            "What one cell needs in updates, times theory's "
            "time per update,",
            false, 0.8, true);
  add_gain_order(claims, cells, "The gain over sync is smallest where times hardly vary", "theory",
                 "gamma-25", all_rows_but("gamma-25"), true);
  return claims;
}

}  // namespace syncline::repro::law_map
