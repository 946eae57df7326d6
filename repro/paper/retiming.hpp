#pragma once

#include <string>
#include <vector>

#include "trial.hpp"

// What runs of sync and K-sync say of other delays than their own. Their gradients are always
// fresh, so the delays decide when an update happens and by whom, but not what K random
// mini-batches do to the weights: the loss after j updates has the same distribution under every
// law.
namespace syncline::repro {

/// The runs that show one variant update by update. Of the records of a seed the first one counts
/// that is long enough, so the one with the closest evaluations comes first.
using Path = std::vector<Trial>;

/// The figure of a run after so many updates; NaN if it is not as long.
using AfterUpdates = std::function<double(const Json& record, double updates)>;

/// The figure after updates[i] updates of path i, under the seeds on which all of them are known.
[[nodiscard]] std::vector<std::vector<double>> after_updates(const Results& results,
                                                             const std::vector<Path>& paths,
                                                             const std::vector<double>& updates,
                                                             const AfterUpdates& figure);

/// Delays: a name, and the mean time per update of each path under them.
struct Delays {
  std::string name;
  std::vector<double> update_times;
};

/// Which path is lowest at each of `times`, for each of `delays`. A cell is without colour where
/// the 95 % interval of a paired difference to the next holds 0, and without words where a path is
/// not known that far.
[[nodiscard]] Grid best_at(const Results& results, const std::vector<Path>& paths,
                           const AfterUpdates& figure, const std::vector<Delays>& delays,
                           const std::vector<double>& times);

}  // namespace syncline::repro
