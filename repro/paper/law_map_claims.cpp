#include "law_map_claims.hpp"

#include <algorithm>

#include "law_map_contests.hpp"
#include "law_map_gains.hpp"
#include "law_map_prediction.hpp"
#include "words.hpp"

namespace syncline::repro::law_map {
namespace {

using Cells = std::vector<CellOfMap>;
using Where = std::function<bool(const CellOfMap& cell)>;

Where ages(Ageing ageing) {
  return [=](const CellOfMap& cell) { return cell.row->ageing == ageing; };
}

bool stale(const CellOfMap&, const Racer& racer) { return is_stale(racer); }

Where in_row(const std::string& key) {
  return [=](const CellOfMap& cell) { return cell.row->key == key; };
}

/// The fleet pushes at least 0.8 of what the link takes in.
bool full_link(const CellOfMap& cell) {
  return cell.row->key == "server-link" && cell.workers * server_link_time >= 0.8;
}

bool one(const CellOfMap&, const Racer& racer) { return racer.point.k == 1; }

bool large_k(const CellOfMap&, const Racer& racer) { return racer.point.k > 1; }

bool not_sync(const CellOfMap& cell, const Racer& racer) { return !is_sync(cell, racer); }

/// Adds "in all of these cells the first kind wins beyond doubt", if there is any such cell.
void add_always(std::vector<Claim>& claims, const std::string& text, const std::string& source,
                const Tally& tally, bool expected) {
  if (tally.cells() == 0) return;
  claims.push_back({text, source, tally.first == tally.cells(), tally.text(), expected});
}

/// Adds "in none of these cells the second kind wins beyond doubt".
void add_never(std::vector<Claim>& claims, const std::string& text, const std::string& source,
               const Tally& tally, bool expected) {
  if (tally.cells() == 0) return;
  claims.push_back({text, source, tally.second == 0,
                    "beyond doubt in " + std::to_string(tally.second) + " of " +
                        std::to_string(tally.cells()) + " cells",
                    expected});
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

Wanted policy(const std::string& text) {
  return [=](const CellOfMap&, const Racer& racer) { return racer.policy == text; };
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
               const std::string& who, bool tuned, bool expected) {
  constexpr double share = 0.8;
  const Score made = score(cells, tuned, predictor);
  if (made.cells == 0) return;
  claims.push_back(
      {who + " names a variant within 10 % of the best, plus two standard errors, in at least " +
           percent(share, 0) + " of the cells, " +
           (tuned ? "best step sizes" : "one step size for all"),
       "theory", static_cast<double>(made.hits) >= share * static_cast<double>(made.cells),
       std::to_string(made.hits) + " of " + std::to_string(made.cells) + "; " +
           std::to_string(made.within) + " without the two standard errors",
       expected});
}

}  // namespace

std::vector<Claim> claims(const Cells& cells) {
  std::vector<Claim> claims;
  if (cells.empty()) return claims;
  claims.push_back(nobody_wins_everywhere(cells));
  const auto contested = [&](const Where& where, const Wanted& first, const Wanted& second) {
    return tally(cells, true, where, first, second);
  };
  add_always(claims, "Under NWU laws a variant that cancels wins", "theory",
             contested(ages(Ageing::nwu), cancels, stale), true);
  const Tally nbu = contested(ages(Ageing::nbu), stale, cancels);
  add_always(claims, "Under NBU laws variants that let stragglers finish beat those that cancel",
             "here", nbu, false);
  add_never(claims, "Under NBU laws those that cancel never beat those that let stragglers finish",
            "here", nbu, true);
  add_always(claims,
             "Under exponential times K-sync with K = 1, as quick per update as async and never "
             "stale, beats it",
             "theory", contested(in_row("exponential"), policy("k-sync(k=1)"), policy("async")),
             false);
  add_never(claims, "Where times hardly vary (gamma 25) nobody beats sync", "here",
            contested(in_row("gamma-25"), is_sync, not_sync), false);
  add_gain_claims(claims, cells);
  add_own_links(claims, cells);
  add_always(claims,
             "Behind a server's link that is 80 % full or fuller, variants that let stragglers "
             "finish beat K-sync with K = 1, the best of all without the link",
             "here", contested(full_link, stale, policy("k-sync(k=1)")), true);
  add_always(claims, "Behind such a link K of P/4 or more beats K = 1", "here",
             contested(full_link, large_k, one), false);
  for (const bool tuned : {true, false}) {
    add_score(claims, cells, planner(), "The planner's theory", tuned, tuned);
    add_score(claims, cells, carried_over(cells, Runtime::theory),
              "The numbers of updates in one cell, times theory's time per update,", tuned, true);
  }
  return claims;
}

}  // namespace syncline::repro::law_map
