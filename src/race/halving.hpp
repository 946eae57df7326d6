#pragma once

#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "race/setting.hpp"

namespace syncline {

/// Successive halving (Jamieson and Talwalkar, arXiv 1502.07943): all race for a short time, the
/// better half for twice as long, and so on (a quarter of the race at most), until
/// `config.finalists` are left beside sync, which always stays. Better is who reached the target
/// sooner, or else who is nearer to it at the end. Each round runs on one seed, apart from those of
/// the race. Who is slow at first and good in the end can be lost: that is the price.
///
/// Returns the choices that are left, in their order; `report` receives the rounds. All of them,
/// and null, if there are not more than `config.finalists`, or if that is 0.
[[nodiscard]] std::vector<PolicyChoice> halve(RunQueue& queue, const RaceConfig& config,
                                              std::vector<PolicyChoice> choices,
                                              nlohmann::ordered_json& report);

}  // namespace syncline
