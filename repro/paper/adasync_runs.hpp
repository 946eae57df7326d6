#pragma once

#include <string>
#include <vector>

#include "study.hpp"

namespace syncline::repro {

/// A variant of the paper on which AdaSync is held against every fixed K.
struct Variant {
  std::string policy;  ///< "k-sync"
  std::string title;   ///< "K-sync"
};

[[nodiscard]] const std::vector<Variant>& variants();

/// One curve of an AdaSync experiment.
struct Contestant {
  std::string key;     ///< of its runs: "k-sync-2", "k-sync-adasync", "k-sync-auto"
  std::string policy;  ///< as Syncline writes it
  std::string title;   ///< "K = 2", "AdaSync", "auto"
  int color = 0;
};

/// K = 2, 4, 8, AdaSync from K = 1 with this interval, and auto, on one variant. K-sync and K-async
/// with K = P are the same run to the bit (full sync), which is therefore made once, as `k-sync-8`.
[[nodiscard]] std::vector<Contestant> contestants(const std::string& variant, double interval);

/// Every contestant of these variants once, seed by seed: 1 to `seeds`.
[[nodiscard]] std::vector<Run> contest_runs(const std::vector<std::string>& variants,
                                            double interval, const RunConfig& base,
                                            std::uint64_t seeds);

}  // namespace syncline::repro
