#pragma once

namespace syncline {

/// log P(N > z) of a standard normal N, right in the far tail too, where P itself is 0.
[[nodiscard]] double log_normal_survival(double z);

/// log Q(shape, x), the logarithm of the gamma law's survival function, right in the far tail.
[[nodiscard]] double log_gamma_survival(double shape, double x);

}  // namespace syncline
