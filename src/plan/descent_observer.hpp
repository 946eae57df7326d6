#pragma once

#include <cstdint>
#include <vector>

#include "plan/quadratic_model.hpp"
#include "syncline/host.hpp"

namespace syncline {

/// Plain SGD on a quadratic model, driven by what the host does. All noises of one step are drawn
/// as one: a sum of independent normal variables is one of the summed variance.
class DescentObserver final : public HostObserver {
 public:
  DescentObserver(const QuadraticModel& model, double step_size, std::uint32_t workers,
                  std::uint64_t seed);

  void started(const Job& job) override;
  void folded(const Job& job, double time, Slot slot, double weight) override;
  void cleared(Slot slot) override;
  void stepped(Slot slot, double scale, Version version, double time) override;
  void published(const char* name, double value, double time) override;

  [[nodiscard]] double loss() const { return loss_; }
  /// What the noise of one gradient costs, on average: eta^2 tr(H Cov(g)) / 2 (`noise_cost` of
  /// syncline/policy.hpp).
  [[nodiscard]] double noise_cost() const;
  /// The loss at the mean of the parameters since this was last asked (`average_loss` of
  /// syncline/policy.hpp).
  [[nodiscard]] double take_average_loss();
  [[nodiscard]] const std::vector<std::pair<double, double>>& k() const { return k_; }

 private:
  const QuadraticModel& model_;
  double step_size_;
  std::uint64_t seed_;
  std::size_t size_;
  std::vector<double> w_;
  std::vector<double> read_;    ///< of each worker, the parameters that its job reads
  std::vector<double> sum_;     ///< of the slot: weighted gradients without noise
  double squared_weights_ = 0;  ///< of the slot, each times the growth of its noise
  double loss_;
  std::vector<double> way_;  ///< sum of the parameters over so many steps
  double steps_ = 0;
  std::vector<std::pair<double, double>> k_;
};

}  // namespace syncline
