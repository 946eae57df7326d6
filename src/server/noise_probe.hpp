#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace syncline {

/// Keeps the last two gradients that were folded. Two mini-batch gradients at (nearly) the same
/// parameters differ by noise alone, so their difference over sqrt(2) is a draw of the noise of one
/// gradient, with its covariance, whatever that is. Off, it holds and costs nothing.
template <class Real>
class NoiseProbe {
 public:
  void switch_on(std::size_t dimension) {
    last_.resize(dimension);
    previous_.resize(dimension);
  }
  [[nodiscard]] bool on() const { return !last_.empty(); }

  /// A gradient is folded, shortened by `factor` (clip, step size rule). REQUIRES: on().
  void note(double factor, std::span<const Real> gradient) {
    std::swap(last_, previous_);
    std::transform(gradient.begin(), gradient.end(), last_.begin(),
                   [factor](Real g) { return static_cast<Real>(factor) * g; });
    count_ = std::min<std::size_t>(count_ + 1, 2);
  }

  /// Whether two gradients have been noted.
  [[nodiscard]] bool ready() const { return count_ == 2; }
  /// (last - previous) / sqrt(2). REQUIRES: ready().
  void draw(std::span<Real> noise) const {
    const auto scale = static_cast<Real>(std::sqrt(0.5));
    for (std::size_t i = 0; i < noise.size(); ++i) noise[i] = scale * (last_[i] - previous_[i]);
  }

  // For checkpoints.
  [[nodiscard]] std::vector<std::vector<Real>*> vectors() {
    if (!on()) return {};
    return {&last_, &previous_};
  }
  [[nodiscard]] std::size_t count() const { return count_; }
  void restore_count(std::size_t count) { count_ = count; }

 private:
  std::vector<Real> last_, previous_;
  std::size_t count_ = 0;  ///< gradients noted, at most 2
};

}  // namespace syncline
