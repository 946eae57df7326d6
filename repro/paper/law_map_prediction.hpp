#pragma once

#include <functional>
#include <string>
#include <vector>

#include "law_map_cells.hpp"

// Theory's winners against the measured ones.
namespace syncline::repro::law_map {

/// A way to predict the time to the target of a candidate; infinite if it never gets there.
struct Predictor {
  std::string title;
  std::function<double(const Expected& candidate, bool tuned)> time;
};

/// The planner: constants measured at the start and one run of sync, times per update by theory.
[[nodiscard]] Predictor planner();

/// Fitted to one cell of the map, exponential times under 8 workers: the number of updates is
/// n_0 (1 + S / K + c s) there (src/plan/update_law.hpp), s the mean staleness, and it is taken to
/// be that under every law and for every P. Times per update by theory, or as simulated.
enum class Runtime { theory, simulated };
[[nodiscard]] Predictor carried_over(const std::vector<CellOfMap>& cells, Runtime runtime);
/// That law, for the page: "210 + 240 / K + 9.4 s".
[[nodiscard]] std::string fitted_text(const std::vector<CellOfMap>& cells, bool tuned);
inline constexpr const char* reference_row = "exponential";
inline constexpr std::uint32_t reference_workers = 8;

/// For comparison: one policy, whatever the cell.
[[nodiscard]] Predictor always(const std::string& policy);

/// What became of a prediction for one cell.
struct Judged {
  bool any = false;       ///< somebody was predicted to arrive
  std::size_t named = 0;  ///< index of the predicted winner
  double speed_up = 0;  ///< predicted, of sync's time over its own; infinite if sync never arrives
  double behind = 0;    ///< measured: by which share it was slower than the best; infinite: missed
  /// Within 10 % of the best, plus two standard errors.
  bool hit = false;
  bool within = false;  ///< within 10 %, without that slack
};

[[nodiscard]] Judged judge(const CellOfMap& cell, bool tuned, const Predictor& predictor);

/// Hits among the cells, without the one that the predictor was fitted to.
struct Score {
  std::size_t hits = 0;
  std::size_t within = 0;
  std::size_t cells = 0;
  double median_behind = 0;
};

[[nodiscard]] Score score(const std::vector<CellOfMap>& cells, bool tuned,
                          const Predictor& predictor);

}  // namespace syncline::repro::law_map
