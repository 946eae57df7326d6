#pragma once

#include "measure/descent.hpp"
#include "syncline/measure.hpp"

namespace syncline {

/// Gauss quadrature of the spectral measure of the gradient at `point`, scaled so that the weights
/// sum to `total`; none where the gradient is 0. `step` is that of hessian_product().
[[nodiscard]] std::vector<SpectralLine> signal_lines(GradientSource& source, const PathPoint& point,
                                                     double step, std::uint64_t directions,
                                                     double total);

/// The same for the gradient noise: the mean over noise_probes mini-batches' errors, each with its
/// own quadrature. Every moment of the measure is the mean of what the noise has, exactly up to
/// degree 2 directions - 1; single lines scatter.
[[nodiscard]] std::vector<SpectralLine> noise_lines(GradientSource& source, const PathPoint& point,
                                                    double step, std::uint64_t directions,
                                                    double total);

inline constexpr std::size_t noise_probes = 4;

}  // namespace syncline
