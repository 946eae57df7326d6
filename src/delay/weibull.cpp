#include <cmath>

#include <boost/math/special_functions/gamma.hpp>

#include "delay/law_text.hpp"
#include "delay/laws.hpp"
#include "delay/range.hpp"

namespace syncline {
namespace {

/// P(X > x) = exp(-(x / scale)^shape).
class Weibull final : public DelayLaw {
 public:
  Weibull(double shape, double scale) : shape_(shape), scale_(scale), inverse_(1 / shape) {}

  [[nodiscard]] double sample(const DrawKey& key) const override {
    return representable(scale_ * std::pow(DrawStream(Stream::delay, key).exponential(), inverse_));
  }
  [[nodiscard]] double mean() const override { return scale_ * std::tgamma(1 + inverse_); }
  [[nodiscard]] double variance() const override {
    // Gamma(1 + 2/k) - Gamma(1 + 1/k)^2 through logarithms: the two terms are nearly equal where
    // the shape is large. Boost's lgamma, because std::lgamma writes a global variable.
    const double log_ratio =
        boost::math::lgamma(1 + 2 * inverse_) - 2 * boost::math::lgamma(1 + inverse_);
    return mean() * mean() * std::expm1(log_ratio);
  }
  [[nodiscard]] double cdf(double x) const override { return x > 0 ? -std::expm1(-hazard(x)) : 0; }
  [[nodiscard]] double survival(double x) const override {
    return x > 0 ? std::exp(-hazard(x)) : 1;
  }
  [[nodiscard]] double quantile(double p) const override {
    check_probability(p);
    return representable(scale_ * std::pow(-std::log1p(-p), inverse_));
  }
  [[nodiscard]] std::string text() const override {
    return law_text("weibull", {{"shape", shape_}, {"scale", scale_}});
  }

 private:
  /// The cumulative hazard, -log P(X > x).
  [[nodiscard]] double hazard(double x) const { return std::pow(x / scale_, shape_); }

  double shape_;
  double scale_;
  double inverse_;  ///< 1 / shape
};

}  // namespace

DelayLawPointer make_weibull(const Arguments& arguments) {
  return std::make_shared<Weibull>(arguments.positive("shape"), arguments.positive("scale"));
}

}  // namespace syncline
