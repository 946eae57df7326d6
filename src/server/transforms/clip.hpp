#pragma once

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

#include "server/kernels.hpp"
#include "syncline/transform.hpp"

namespace syncline {

/// The factor that cuts a gradient to a norm.
inline double clip_factor(double norm, double limit) { return norm > limit ? limit / norm : 1; }

/// g <- g min(1, c / ||g||) with a constant c.
template <class Real>
class Clip final : public Transform<Real> {
 public:
  Clip(const Arguments& arguments, std::size_t) : limit_(arguments.positive("norm")) {}

  double apply(std::span<Real> gradient, std::span<const Real>, std::span<const Real>) override {
    return clip_factor(std::sqrt(squared_norm<Real>(gradient)), limit_);
  }

  [[nodiscard]] nlohmann::json state() const override { return nullptr; }
  void restore(const nlohmann::json&) override {}
  [[nodiscard]] std::vector<std::vector<Real>*> vectors() override { return {}; }

 private:
  double limit_;
};

/// As Clip, with c a multiple of the median of the last norms, this one included.
template <class Real>
class MedianClip final : public Transform<Real> {
 public:
  MedianClip(const Arguments& arguments, std::size_t)
      : window_(arguments.at_least_one("window")), factor_(arguments.positive("factor")) {}

  double apply(std::span<Real> gradient, std::span<const Real>, std::span<const Real>) override {
    const double norm = std::sqrt(squared_norm<Real>(gradient));
    if (!std::isfinite(norm)) return 1;
    if (norms_.size() < window_) {
      norms_.push_back(norm);
    } else {
      norms_[next_] = norm;
    }
    next_ = (next_ + 1) % window_;
    std::vector<double> sorted = norms_;
    const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>((sorted.size() - 1) / 2);
    std::nth_element(sorted.begin(), middle, sorted.end());
    return clip_factor(norm, factor_ * *middle);
  }

  [[nodiscard]] nlohmann::json state() const override { return {norms_, next_}; }
  void restore(const nlohmann::json& state) override {
    state.at(0).get_to(norms_);
    state.at(1).get_to(next_);
  }
  [[nodiscard]] std::vector<std::vector<Real>*> vectors() override { return {}; }

 private:
  std::size_t window_;
  double factor_;
  std::vector<double> norms_;
  std::size_t next_ = 0;  ///< place of the next norm
};

}  // namespace syncline
