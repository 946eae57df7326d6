#pragma once

#include <cstdint>

#include <nlohmann/json_fwd.hpp>

namespace syncline {

/// The noise scale S = V / ||grad F||^2: how many gradients a mean needs for its noise to be as
/// large as itself. V is the variance of one gradient. A step of K gradients that were read at its
/// own version gives two unbiased estimates, the spread of its gradients for V and
///
///     ||g||^2 - V / K     for ||grad F||^2, g their mean
///
/// (McCandlish et al., arXiv 1812.06162, appendix A.1). Both are averaged over steps before they
/// are divided: the mean of ratios would be biased, and infinite where a gradient drowns in noise.
/// Older steps are forgotten, since ||grad F|| falls.
class NoiseScale {
 public:
  struct Estimate {
    double scale = 0;
    double low = 0, high = 0;  ///< two standard errors of 1 / S to either side
  };

  /// A step with the mean, of this norm, of so many gradients. What is no number is left out.
  /// REQUIRES: payloads >= 2.
  void stepped(double norm, double spread, std::uint64_t payloads);
  /// What is known counts half from now on.
  void fade();
  /// Where the squared gradient can't be told from 0, it is taken to be its standard error: S is
  /// then a lower bound of what is likely. 0 without steps.
  [[nodiscard]] Estimate estimate() const;

  [[nodiscard]] nlohmann::json state() const;
  void restore(const nlohmann::json& state);

 private:
  double weight_ = 0;  ///< of all steps
  double squared_weights_ = 0;
  double variance_ = 0;  ///< sum of V
  double gradient_ = 0;  ///< sum of ||grad F||^2
  double variance_squares_ = 0;
  double gradient_squares_ = 0;
};

}  // namespace syncline
