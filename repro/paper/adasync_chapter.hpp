#pragma once

#include "adasync_runs.hpp"

namespace syncline::repro {

/// An AdaSync experiment as its page tells it.
struct Contest {
  std::string id;  ///< of its pictures
  std::vector<std::string> variants;
  double interval = 0;          ///< of AdaSync
  double until = 0;             ///< length of the runs
  std::vector<double> targets;  ///< test errors, falling
  /// "VARIANT" of those where AdaSync's area is below that of every fixed K beyond doubt, and of
  /// those where auto's is below AdaSync's: what the stored results gave.
  std::vector<std::string> adasync_wins, auto_wins;
};

/// For each variant: error on both splits and K against time, a table, and two claims, decided on
/// the seeds on which all contestants were run.
[[nodiscard]] Chapter contest_chapter(const Contest& contest, const Results& results);

}  // namespace syncline::repro
