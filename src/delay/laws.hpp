#pragma once

#include <memory>

#include "syncline/delay_law.hpp"
#include "syncline/spec.hpp"

namespace syncline {

// One factory per row of the registry, each in the file of its law. The parameters are declared in
// registry.cpp. Each throws ConfigError on a value outside its range; those that read a file throw
// DataError on what is wrong with it.

using DelayLawPointer = std::shared_ptr<const DelayLaw>;

[[nodiscard]] DelayLawPointer make_exponential(const Arguments& arguments);
[[nodiscard]] DelayLawPointer make_shifted_exponential(const Arguments& arguments);
[[nodiscard]] DelayLawPointer make_pareto(const Arguments& arguments);
[[nodiscard]] DelayLawPointer make_weibull(const Arguments& arguments);
[[nodiscard]] DelayLawPointer make_gamma(const Arguments& arguments);
[[nodiscard]] DelayLawPointer make_lognormal(const Arguments& arguments);
[[nodiscard]] DelayLawPointer make_uniform(const Arguments& arguments);
[[nodiscard]] DelayLawPointer make_constant(const Arguments& arguments);
[[nodiscard]] DelayLawPointer make_hyperexponential(const Arguments& arguments);
[[nodiscard]] DelayLawPointer make_empirical(const Arguments& arguments);
[[nodiscard]] DelayLawPointer make_service_times(const Arguments& arguments);

}  // namespace syncline
