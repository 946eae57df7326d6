#pragma once

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

#include "server/kernels.hpp"
#include "server/transforms/clip.hpp"
#include "syncline/transform.hpp"

namespace syncline {

/// The robust map of THROTTLE (Otsuka et al., Soft Throttling, 2026) for centred clipping, with the
/// paper's choice tau = 2 lambda, lambda the radius. A round ends when every worker has sent:
///
///     v <- a + c (v - a) with c = min(1, tau / ||v - a||),  for a worker's first gradient of a
///     round v <- v min(1, lambda / ||v||),                        for its further ones
///
/// where a is the mean of what the first gradients of the round before became, shortened to lambda;
/// 0 in the first round. So a gradient no longer than lambda stays as it is, and no gradient counts
/// for more than tau away from a, or lambda away from 0. One that is not finite becomes a, or 0.
template <class Real>
class RoundClip final : public Transform<Real> {
 public:
  RoundClip(const Arguments& arguments, const TransformShape& shape)
      : radius_(arguments.positive("radius")),
        totals_(shape.totals),
        seen_(shape.workers, false),
        centre_(shape.dimension, Real(0)),
        sum_(shape.dimension, Real(0)) {}

  double apply(WorkerId worker, std::span<Real> gradient, std::span<const Real>,
               std::span<const Real>) override {
    const double norm2 = squared_norm<Real>(gradient, totals_);
    if (seen_[worker]) {
      if (!std::isfinite(norm2)) std::fill(gradient.begin(), gradient.end(), Real(0));
      return std::isfinite(norm2) ? clip_factor(std::sqrt(norm2), radius_) : 1;
    }
    seen_[worker] = true;
    if (!std::isfinite(norm2)) std::copy(centre_.begin(), centre_.end(), gradient.begin());
    const double distance = std::sqrt(squared_distance<Real>(gradient, centre_, totals_));
    const double cut = clip_factor(distance, 2 * radius_);
    if (cut < 1) {
      const auto share = static_cast<Real>(cut);
      for (std::size_t i = 0; i < gradient.size(); ++i) {
        gradient[i] = centre_[i] + share * (gradient[i] - centre_[i]);
      }
    }
    for (std::size_t i = 0; i < gradient.size(); ++i) sum_[i] += gradient[i];
    if (++appeared_ == seen_.size()) end_round();
    return 1;
  }

  [[nodiscard]] nlohmann::json state() const override { return {seen_, appeared_}; }
  void restore(const nlohmann::json& state) override {
    state.at(0).get_to(seen_);
    state.at(1).get_to(appeared_);
  }
  [[nodiscard]] std::vector<std::vector<Real>*> vectors() override { return {&centre_, &sum_}; }

 private:
  void end_round() {
    const auto workers = static_cast<double>(seen_.size());
    const double norm =
        std::sqrt(squared_norm<Real>(std::span<const Real>(sum_), totals_)) / workers;
    const auto share = static_cast<Real>(clip_factor(norm, radius_) / workers);
    for (std::size_t i = 0; i < sum_.size(); ++i) centre_[i] = share * sum_[i];
    std::fill(sum_.begin(), sum_.end(), Real(0));
    std::fill(seen_.begin(), seen_.end(), false);
    appeared_ = 0;
  }

  double radius_;
  Totals* totals_;
  std::vector<bool> seen_;    ///< [worker]: whether it has sent in this round
  std::size_t appeared_ = 0;  ///< how many have
  std::vector<Real> centre_;  ///< a
  std::vector<Real> sum_;     ///< of what the first gradients of this round became
};

}  // namespace syncline
