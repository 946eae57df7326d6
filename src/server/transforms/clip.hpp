#pragma once

#include <cmath>

#include <nlohmann/json.hpp>

#include "base/recent_values.hpp"
#include "server/kernels.hpp"
#include "syncline/transform.hpp"

namespace syncline {

/// The factor that cuts a gradient to a norm.
inline double clip_factor(double norm, double limit) { return norm > limit ? limit / norm : 1; }

/// g <- g min(1, c / ||g||) with a constant c.
template <class Real>
class Clip final : public Transform<Real> {
 public:
  Clip(const Arguments& arguments, const TransformShape& shape)
      : limit_(arguments.positive("norm")), totals_(shape.totals) {}

  double apply(WorkerId, std::span<Real> gradient, std::span<const Real>,
               std::span<const Real>) override {
    return clip_factor(std::sqrt(squared_norm<Real>(gradient, totals_)), limit_);
  }

  [[nodiscard]] nlohmann::json state() const override { return nullptr; }
  void restore(const nlohmann::json&) override {}
  [[nodiscard]] std::vector<std::vector<Real>*> vectors() override { return {}; }

 private:
  double limit_;
  Totals* totals_;
};

/// As Clip, with c a multiple of the median of the last norms, this one included.
template <class Real>
class MedianClip final : public Transform<Real> {
 public:
  MedianClip(const Arguments& arguments, const TransformShape& shape)
      : norms_(arguments.at_least_one("window")),
        factor_(arguments.positive("factor")),
        totals_(shape.totals) {}

  double apply(WorkerId, std::span<Real> gradient, std::span<const Real>,
               std::span<const Real>) override {
    const double norm = std::sqrt(squared_norm<Real>(gradient, totals_));
    if (!std::isfinite(norm)) return 1;
    norms_.add(norm);
    return clip_factor(norm, factor_ * norms_.smallest((norms_.size() - 1) / 2));
  }

  [[nodiscard]] nlohmann::json state() const override { return norms_.state(); }
  void restore(const nlohmann::json& state) override { norms_.restore(state); }
  [[nodiscard]] std::vector<std::vector<Real>*> vectors() override { return {}; }

 private:
  RecentValues norms_;
  double factor_;
  Totals* totals_;
};

}  // namespace syncline
