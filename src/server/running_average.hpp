#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

namespace syncline {

/// The mean of the states that it was shown since it was last begun. Off, it holds and costs
/// nothing.
template <class Real>
class RunningAverage {
 public:
  void switch_on(std::size_t length) { mean_.resize(length); }
  [[nodiscard]] bool on() const { return !mean_.empty(); }

  /// REQUIRES: on().
  void note(std::span<const Real> state) {
    const Real share = Real{1} / static_cast<Real>(++count_);
    for (std::size_t i = 0; i < state.size(); ++i) mean_[i] += share * (state[i] - mean_[i]);
  }
  void begin() {
    std::fill(mean_.begin(), mean_.end(), Real{0});
    count_ = 0;
  }

  /// Of so many states; 0: there is no mean.
  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] const std::vector<Real>& mean() const { return mean_; }

  // For checkpoints.
  [[nodiscard]] std::vector<std::vector<Real>*> vectors() {
    if (!on()) return {};
    return {&mean_};
  }
  void restore_count(std::uint64_t count) { count_ = count; }

 private:
  std::vector<Real> mean_;
  std::uint64_t count_ = 0;
};

}  // namespace syncline
