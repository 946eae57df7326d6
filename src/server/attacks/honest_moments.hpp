#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace syncline {

/// Mean and spread of the honest gradients of a step, per coordinate, as they come in (Welford's
/// updates: no difference of large sums).
template <class Real>
class HonestMoments {
 public:
  explicit HonestMoments(std::size_t dimension) : now_(dimension), last_(dimension) {}

  void add(std::span<const Real> gradient) {
    const Real share = Real(1) / static_cast<Real>(++now_.count);
    for (std::size_t i = 0; i < gradient.size(); ++i) {
      const Real from_old = gradient[i] - now_.mean[i];
      now_.mean[i] += share * from_old;
      now_.squares[i] += from_old * (gradient[i] - now_.mean[i]);
    }
  }

  /// A step begins. One with fewer than two honest gradients goes on: they tell no spread.
  void stepped() {
    if (now_.count < enough) return;
    std::swap(now_, last_);
    now_.count = 0;
    now_.mean.assign(now_.mean.size(), Real(0));
    now_.squares.assign(now_.squares.size(), Real(0));
  }

  /// Of the gradients since the last step, or of the step before that as long as these are fewer
  /// than two.
  struct View {
    std::uint64_t count;
    std::span<const Real> mean;
    std::span<const Real> squares;  ///< sums of (g - mean)^2
  };
  [[nodiscard]] View view() const {
    const Moments& best = now_.count < enough && last_.count > 0 ? last_ : now_;
    return {best.count, best.mean, best.squares};
  }

  // For checkpoints.
  [[nodiscard]] nlohmann::json state() const { return {now_.count, last_.count}; }
  void restore(const nlohmann::json& state) {
    state.at(0).get_to(now_.count);
    state.at(1).get_to(last_.count);
  }
  [[nodiscard]] std::vector<std::vector<Real>*> vectors() {
    return {&now_.mean, &now_.squares, &last_.mean, &last_.squares};
  }

 private:
  static constexpr std::uint64_t enough = 2;
  struct Moments {
    explicit Moments(std::size_t dimension) : mean(dimension), squares(dimension) {}
    std::uint64_t count = 0;
    std::vector<Real> mean;
    std::vector<Real> squares;
  };

  Moments now_, last_;
};

}  // namespace syncline
