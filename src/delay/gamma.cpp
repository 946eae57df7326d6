#include <cmath>
#include <limits>

#include <boost/math/special_functions/gamma.hpp>

#include "delay/law_text.hpp"
#include "delay/laws.hpp"
#include "delay/range.hpp"

namespace syncline {
namespace {

// Overflow and underflow give infinity and 0, as in the closed forms of the other laws.
using Quiet = boost::math::policies::policy<
    boost::math::policies::overflow_error<boost::math::policies::ignore_error>,
    boost::math::policies::underflow_error<boost::math::policies::ignore_error>>;

/// Density x^(shape-1) exp(-x/scale) / (Gamma(shape) scale^shape).
class Gamma final : public DelayLaw {
 public:
  Gamma(double shape, double scale)
      : shape_(shape),
        scale_(scale),
        d_((shape < 1 ? shape + 1 : shape) - 1.0 / 3),
        c_(1 / std::sqrt(9 * d_)) {}

  /// Marsaglia and Tsang, "A simple method for generating gamma variables", ACM TOMS 26(3), 2000:
  /// d (1 + c N)^3 accepted with probability above 0.95. A shape below 1 is drawn at shape + 1 and
  /// boosted by U^(1/shape).
  [[nodiscard]] double sample(const DrawKey& key) const override {
    DrawStream stream(Stream::delay, key);
    double boost = 1;
    if (shape_ < 1) boost = std::exp(-stream.exponential() / shape_);
    for (;;) {
      const double normal = stream.normal();
      const double root = 1 + c_ * normal;
      if (root <= 0) continue;
      const double v = root * root * root;
      const double square = normal * normal;
      const double u = stream.uniform();
      // The first test, their squeeze, accepts most draws without a logarithm.
      if (u < 1 - 0.0331 * square * square ||
          std::log(u) < 0.5 * square + d_ * (1 - v + std::log(v))) {
        return representable(d_ * v * boost * scale_);
      }
    }
  }
  [[nodiscard]] double mean() const override { return shape_ * scale_; }
  [[nodiscard]] double variance() const override { return shape_ * scale_ * scale_; }
  [[nodiscard]] double cdf(double x) const override {
    if (!(x > 0)) return 0;
    return std::isinf(x) ? 1 : boost::math::gamma_p(shape_, x / scale_, Quiet());
  }
  [[nodiscard]] double survival(double x) const override {
    if (!(x > 0)) return 1;
    return std::isinf(x) ? 0 : boost::math::gamma_q(shape_, x / scale_, Quiet());
  }
  [[nodiscard]] double quantile(double p) const override {
    check_probability(p);
    return representable(scale_ * boost::math::gamma_p_inv(shape_, p, Quiet()));
  }
  [[nodiscard]] std::string text() const override {
    return law_text("gamma", {{"shape", shape_}, {"scale", scale_}});
  }

 private:
  double shape_;
  double scale_;
  double d_;
  double c_;
};

}  // namespace

DelayLawPointer make_gamma(const Arguments& arguments) {
  const double shape = arguments.positive("shape");
  // Beyond, the spread is below 1/30,000 of the mean and the incomplete gamma function fails.
  if (shape > 1e9) {
    arguments.refuse("shape", "must be at most 1e9 (so even a time is written constant(value))");
  }
  return std::make_shared<Gamma>(shape, arguments.positive("scale"));
}

}  // namespace syncline
