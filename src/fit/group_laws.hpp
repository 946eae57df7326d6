#pragma once

#include <span>
#include <string>
#include <vector>

#include "syncline/fit.hpp"

namespace syncline {

/// The law of each group: the family that describes all groups best together (sum of BIC), except
/// where a group's own best family beats it by more than 6, strong evidence in the scale of Kass
/// and Raftery (JASA 90, 1995). A group with too few complete jobs for a fit gets an exponential
/// law of its time per complete job; without any complete job, of all its time, a lower bound of
/// the mean.
void choose_laws(std::vector<AlikeWorkers>& groups,
                 const std::vector<std::vector<Timing>>& by_worker);

/// The fleet for --delay, `4*law,4*law`: neighbours with the same law joined.
[[nodiscard]] std::string fleet_text(std::span<const AlikeWorkers> groups, std::uint32_t workers);

}  // namespace syncline
