#pragma once

#include <optional>
#include <vector>

#include "plan/quadratic_model.hpp"

namespace syncline {

/// The expected loss of SGD with stale gradients on a quadratic, update by update, without
/// simulation. Each mode follows the linear recursion with distributed delay
///
///     w_{j+1} = w_j - eta lambda sum_s p_s w_{j-s} + eta / sqrt(K) noise
///
/// p the distribution of staleness; its square is the response to the start plus the sum of the
/// squared responses to the noises. Exact for staleness 0; delays are taken as independent of each
/// other, which is exact for the mean and leaves out the variance that their randomness adds.
/// After the first updates each mode shrinks by a steady factor, by which it is continued. Where
/// gradients are very stale, steps that are stable are so small that several can be taken as one.
class ExpectedDescent {
 public:
  /// `staleness`: p_0, p_1, ..., summing to 1. `k`: gradients averaged in one update.
  ExpectedDescent(const QuadraticModel& model, double step_size, double k,
                  const std::vector<double>& staleness);

  /// Whether every mode shrinks: false where the step is too large for the staleness.
  [[nodiscard]] bool stable() const { return stable_; }
  /// After `updates` updates, any real number from 0.
  [[nodiscard]] double loss(double updates) const;
  /// The first number of updates with a loss of at most `target`, up to `most`; nullopt if none.
  [[nodiscard]] std::optional<double> updates_to(double target, double most) const;
  /// The loss where noise and descent balance.
  [[nodiscard]] double floor() const;

 private:
  struct Response {
    double curvature = 0;
    double start = 0;
    double noise = 0;              ///< eta^2 noise variance / K
    std::vector<double> response;  ///< to a unit impulse, block by block
    std::vector<double> squares;   ///< sum of the squared responses before each block
    double factor = 0;             ///< of |response| per block from the end on
    double envelope = 0;           ///< |response| at the end
  };
  [[nodiscard]] double square(const Response& mode, double blocks) const;

  double offset_;
  double block_ = 1;  ///< updates that are taken as one
  std::vector<Response> modes_;
  bool stable_ = true;
};

}  // namespace syncline
