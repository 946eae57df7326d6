#pragma once

#include <cstddef>
#include <vector>

namespace syncline {

/// How many updates reach the target at one step size:
///
///     n(K, s) = n_0 (1 + S / K + c s)
///
/// s the mean staleness, S what the noise of single gradients costs, c what staleness costs. The
/// form is that of the complexity bounds (Koloskova, Stich, Jaggi, arXiv 2206.08307; Tyurin and
/// Richtarik, arXiv 2305.12387); the numbers are those of the workload, as pilot runs showed them.
struct UpdateLaw {
  double updates = 0;         ///< n_0
  double noise_scale = 0;     ///< S
  double staleness_cost = 0;  ///< c

  [[nodiscard]] double needed(double k, double staleness) const {
    return updates * (1 + noise_scale / k + staleness_cost * staleness);
  }
};

/// What one pilot run showed.
struct UpdatesSeen {
  double k = 1;
  double staleness = 0;
  double updates = 0;  ///< until its target
};

/// The law of non-negative constants with the smallest sum of squared relative errors. With fewer
/// pilots than constants the simplest law that is as good: no staleness cost, then no noise.
/// REQUIRES: at least one pilot, all with updates > 0.
[[nodiscard]] UpdateLaw fit_update_law(const std::vector<UpdatesSeen>& pilots);

}  // namespace syncline
