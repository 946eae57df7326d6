#pragma once

#include <nlohmann/json_fwd.hpp>

namespace syncline {

/// Gives each group of a checked fit that has laws and a survival curve a member `fitted`:
/// `time`, a grid over the jobs' times, and `laws`, for each of the best laws its name and the
/// `survival` P(X > t) on that grid; so that the page need not know the laws. Throws DataError
/// where a law is none of this version's.
void add_fitted_curves(nlohmann::ordered_json& fit);

}  // namespace syncline
