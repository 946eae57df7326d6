#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include <nlohmann/json.hpp>

namespace syncline {

/// The last few of a series of numbers, for their order statistics.
class RecentValues {
 public:
  /// REQUIRES: window >= 1.
  explicit RecentValues(std::size_t window) : window_(window) {}

  void add(double value) {
    if (values_.size() < window_) {
      values_.push_back(value);
    } else {
      values_[next_] = value;
    }
    next_ = (next_ + 1) % window_;
  }

  [[nodiscard]] std::size_t size() const { return values_.size(); }
  /// The place-th smallest, from 0. REQUIRES: place < size().
  [[nodiscard]] double smallest(std::size_t place) const {
    std::vector<double> sorted = values_;
    const auto at = sorted.begin() + static_cast<std::ptrdiff_t>(place);
    std::nth_element(sorted.begin(), at, sorted.end());
    return *at;
  }

  // For checkpoints.
  [[nodiscard]] nlohmann::json state() const { return {values_, next_}; }
  void restore(const nlohmann::json& state) {
    state.at(0).get_to(values_);
    state.at(1).get_to(next_);
    // Whatever a file says, the place lies within the window.
    values_.resize(std::min(values_.size(), window_));
    next_ %= window_;
  }

 private:
  std::size_t window_;
  std::vector<double> values_;
  std::size_t next_ = 0;  ///< place of the next value
};

}  // namespace syncline
