#pragma once

#include <cstddef>
#include <vector>

#include "theory/law_view.hpp"
#include "theory/renewal_grid.hpp"

namespace syncline {

/// The integral of P(X > t) over all t > from; +infinity where the mean is.
[[nodiscard]] double survival_integral(const LawView& law, double from);

/// S_e(x) = survival_integral(x) / E[X]: the chance that a job met at a random moment of a long run
/// has more than x left. REQUIRES: a finite mean.
[[nodiscard]] double residual_survival(const LawView& law, double x);

/// The same at the upper edges of the intervals that are rounded to 0, 1, ... steps.
[[nodiscard]] std::vector<double> residual_survivals(const LawView& law, double step,
                                                     std::size_t size, Rounding rounding);

}  // namespace syncline
