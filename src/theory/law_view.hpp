#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "syncline/delay_law.hpp"

namespace syncline {

/// The kinds of laws that have closed forms of their own here.
enum class LawForm {
  exponential,
  shifted_exponential,
  pareto,
  weibull,
  gamma,
  lognormal,
  uniform,
  hyperexponential,
  constant,
  steps,
  other
};

/// A delay law with what the formulas ask of it. Special cases are told apart by what they are, not
/// by how they are written: a Weibull law of shape 1 is exponential. Points to the law: use it only
/// while the fleet lives.
struct LawView {
  const DelayLaw* law = nullptr;
  LawForm form = LawForm::other;
  double shift = 0;  ///< exponential and shifted exponential, uniform: the least time
  double scale = 0;  ///< mean beyond the shift; Pareto, ...: scale; uniform: width
  double shape = 0;  ///< of Pareto, Weibull and gamma laws
  double mu = 0;     ///< lognormal: mean and deviation of log X
  double sigma = 0;
  double chance = 0;  ///< hyperexponential: of the first mean
  double mean1 = 0;
  double mean2 = 0;
  double mean = 0;            ///< may be +infinity
  double variance = 0;        ///< may be +infinity
  double tail_exponent = 0;   ///< b of P(X > x) ~ x^-b; +infinity where the tail is lighter
  std::vector<double> atoms;  ///< form == steps: all values, ascending; constant: the one value

  [[nodiscard]] bool exponential() const { return form == LawForm::exponential; }
  [[nodiscard]] bool has_atoms() const { return !atoms.empty(); }
  [[nodiscard]] double cv2() const { return variance / (mean * mean); }
};

/// Workers of one law; those of one law that stand apart in the fleet are one group here.
struct WorkerGroup {
  LawView law;
  std::uint64_t count = 0;
};

using Groups = std::vector<WorkerGroup>;

[[nodiscard]] LawView view_of(const DelayLaw& law);
[[nodiscard]] Groups groups_of(const DelayProfile& fleet);

[[nodiscard]] std::uint64_t worker_count(const Groups& groups);
/// sum of 1 / E X_i: jobs per unit of time if nobody ever waits.
[[nodiscard]] double total_rate(const Groups& groups);
[[nodiscard]] bool all_exponential(const Groups& groups);
/// The workers whose mean time is finite.
[[nodiscard]] Groups finite_means(const Groups& groups);
/// Tail exponent of the k-th smallest of one draw each: that of the product of the P - k + 1
/// heaviest survival functions; +infinity if one of these is light.
[[nodiscard]] double order_tail_exponent(const Groups& groups, std::uint64_t k);

}  // namespace syncline
