#pragma once

#include <string>
#include <vector>

#include "study.hpp"

namespace syncline::repro {

/// Adaptive K against every fixed K on some variants of the paper: who takes part, and how the page
/// tells it.
struct Contest {
  std::string id;                     ///< of its pictures
  std::vector<std::string> variants;  ///< "k-sync", ...
  std::vector<int> ks;                ///< at most four, ascending; the last one is P
  double interval = 0;                ///< of AdaSync, which starts with K = 1
  std::vector<std::string> horizon;   ///< the variants on which `horizon` takes part
  double until = 0;                   ///< length of the runs
  std::string time_unit = "s";
  std::vector<double> targets;  ///< test errors, falling
  /// The claims that the stored results bear out, as "k-sync/auto-close"; see contest_chapter.
  std::vector<std::string> holding;
};

/// One curve of a contest.
struct Contestant {
  std::string key;     ///< of its runs: "k-sync-2", "k-sync-adasync", "k-sync-auto"
  std::string policy;  ///< as Syncline writes it
  std::string title;   ///< "K = 2", "AdaSync", "auto"
  int color = 0;
  double k0 = 0;  ///< K at the start
};

/// "K-sync" of "k-sync".
[[nodiscard]] std::string variant_title(const std::string& variant);

/// Every fixed K, AdaSync, `auto` and perhaps `horizon` on one variant. K-sync and K-async with K =
/// P are the same run to the bit (full sync), which is therefore made once, under K-sync's name.
[[nodiscard]] std::vector<Contestant> contestants(const Contest& contest,
                                                  const std::string& variant);

/// Every contestant of every variant once, seed by seed: 1 to `seeds`.
[[nodiscard]] std::vector<Run> contest_runs(const Contest& contest, const RunConfig& base,
                                            std::uint64_t seeds);

}  // namespace syncline::repro
