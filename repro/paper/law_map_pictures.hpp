#pragma once

#include <string>
#include <vector>

#include "law_map_prediction.hpp"
#include "picture.hpp"

// The maps as pictures: a row for each law, a column for each number of workers.
namespace syncline::repro::law_map {

/// "K-sync 4", "Kb-async 8", "sync", "async"; Kb are the batch variants.
[[nodiscard]] std::string short_name(const VariantPoint& point, std::uint32_t workers);

/// "3.2x"
[[nodiscard]] std::string times_as_fast(double factor);

/// The winners with their speed-up over sync (~: the lead is no more than chance explains), and
/// whom the predictor names with the speed-up that it expects (!: a miss).
[[nodiscard]] Picture winners_picture(const std::vector<CellOfMap>& cells, bool tuned,
                                      const Predictor& predictor);

/// How many gradients in a unit of time the best of the variants that cancel makes, over those of
/// async: simulated without gradients.
[[nodiscard]] Picture throughput_picture(const std::vector<CellOfMap>& cells);

/// The entry with the most gradients in a unit of time among K-sync and K-batch-sync below K = P.
[[nodiscard]] const Expected* best_cancelling(const CellOfMap& cell);

/// Gradients in a unit of time over those of async.
[[nodiscard]] double throughput(const CellOfMap& cell, const Expected& expected);

}  // namespace syncline::repro::law_map
