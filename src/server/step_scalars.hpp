#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include <nlohmann/json.hpp>

#include "server/kernels.hpp"
#include "syncline/policy.hpp"

namespace syncline {

/// The scalars of a step that a policy may declare (Stepped); NaN where they mean nothing. What is
/// not declared costs nothing.
template <class Real>
class StepScalars {
 public:
  /// `totals`: where gradients are those of a shard; else null.
  void switch_on(const Observables& wanted, Totals* totals = nullptr) {
    wanted_ = wanted;
    totals_ = totals;
  }
  [[nodiscard]] bool on() const { return wanted_.any_of_steps(); }

  /// A gradient goes into a slot, with this factor. REQUIRES: on().
  void folded(double factor, std::span<const Real> gradient) {
    if (!wanted_.spread) return;
    squares_ += factor * factor * squared_norm<Real>(gradient, totals_);
    ++count_;
  }

  /// The aggregate of a step and what its weights add up to. REQUIRES: on().
  void aggregated(std::span<const Real> gradient, double weight) {
    const double square = squared_norm<Real>(gradient, totals_);
    norm_ = std::sqrt(square);
    if (wanted_.dot) {
      dot_ = previous_.empty() ? nan : dot(gradient);
      previous_.assign(gradient.begin(), gradient.end());
    }
    if (wanted_.spread) {
      const auto n = static_cast<double>(count_);
      const double deviation = squares_ - n * square / (weight * weight);
      spread_ = count_ > 1 ? std::max(0.0, deviation) / (n - 1) : nan;
      squares_ = 0;
      count_ = 0;
    }
  }

  void moved(std::span<const Real> before, std::span<const Real> after) {
    length_ = std::sqrt(squared_distance<Real>(before, after, totals_));
  }

  void describe(Stepped& event) const {
    if (wanted_.step) {
      event.length = length_;
      event.norm = norm_;
    }
    if (wanted_.dot) event.dot = dot_;
    if (wanted_.spread) event.spread = spread_;
  }

  // For checkpoints, between steps.
  [[nodiscard]] nlohmann::json state() const { return {squares_, count_, !previous_.empty()}; }
  /// `length`: of a gradient.
  void restore(const nlohmann::json& state, std::size_t length) {
    state.at(0).get_to(squares_);
    state.at(1).get_to(count_);
    previous_.resize(state.at(2).get<bool>() ? length : 0);
  }
  [[nodiscard]] std::vector<std::vector<Real>*> vectors() { return {&previous_}; }

 private:
  static constexpr double nan = std::numeric_limits<double>::quiet_NaN();

  [[nodiscard]] double dot(std::span<const Real> gradient) const {
    return blocked_sum(
        gradient.size(),
        [&](std::size_t i) {
          return static_cast<double>(gradient[i]) * static_cast<double>(previous_[i]);
        },
        totals_);
  }

  Observables wanted_;
  Totals* totals_ = nullptr;
  std::vector<Real> previous_;  ///< the aggregate of the last step
  double squares_ = 0;          ///< sum of the squared norms in the slot
  std::size_t count_ = 0;       ///< of so many
  double length_ = nan, norm_ = nan, dot_ = nan, spread_ = nan;
};

}  // namespace syncline
