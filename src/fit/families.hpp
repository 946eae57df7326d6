#pragma once

#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "fit/sample.hpp"
#include "syncline/fit.hpp"

namespace syncline {

/// One family fitted to a sample, in seconds.
struct Fitted {
  std::string family;
  double log_likelihood = 0;
  std::vector<LawFit::Parameter> parameters;  ///< as the law's spec names them
};

// One function per family, each in its own file. All maximise the likelihood with right-censoring,
// the product of densities of complete jobs and survival functions of censored ones (Lawless,
// Statistical Models and Methods for Lifetime Data, 2nd ed., 2003). Intervals are for 95 %.
// nullopt: the family can't describe this sample, or its likelihood has no maximum.
// REQUIRES: at least two complete jobs of different length, but for fit_constant.

[[nodiscard]] std::optional<Fitted> fit_exponential(const Sample& sample);
[[nodiscard]] std::optional<Fitted> fit_shifted_exponential(const Sample& sample);
[[nodiscard]] std::optional<Fitted> fit_pareto(const Sample& sample);
[[nodiscard]] std::optional<Fitted> fit_weibull(const Sample& sample);
[[nodiscard]] std::optional<Fitted> fit_gamma(const Sample& sample);
[[nodiscard]] std::optional<Fitted> fit_lognormal(const Sample& sample);
[[nodiscard]] std::optional<Fitted> fit_uniform(const Sample& sample);
[[nodiscard]] std::optional<Fitted> fit_hyperexponential(const Sample& sample);
/// Only if all complete jobs are equal but for rounding, and no censored one was longer.
[[nodiscard]] std::optional<Fitted> fit_constant(const Sample& sample);

/// Half a 95 % interval of a normal distribution, in standard errors.
inline constexpr double normal_95 = 1.959963984540054;

/// The log-likelihood of parameters outside their range.
inline constexpr double impossible = -std::numeric_limits<double>::infinity();

}  // namespace syncline
