#pragma once

#include <span>
#include <string>

#include "syncline/fit.hpp"

namespace syncline {

/// Complete jobs below which no law is fitted.
inline constexpr std::size_t fewest_jobs = 8;

/// All families fitted to these jobs, best first, with quantiles and survival curve; a refusal
/// where there are too few complete jobs. `who` begins the refusal: "worker 3".
[[nodiscard]] GroupFit fit_group(std::span<const Timing> jobs, const std::string& who);

/// The log-likelihood, AIC and so on of one family of a group; nullptr if it has none.
[[nodiscard]] const LawFit* find_family(const GroupFit& group, std::string_view family);

/// `name(key=value, ...)` of a law with as many digits as the intervals justify.
[[nodiscard]] std::string fitted_text(const std::string& family,
                                      const std::vector<LawFit::Parameter>& parameters);

}  // namespace syncline
