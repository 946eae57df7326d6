#include <cmath>
#include <limits>

#include "delay/law_text.hpp"
#include "delay/laws.hpp"
#include "delay/range.hpp"

namespace syncline {
namespace {

/// Type I: P(X > x) = (scale / x)^shape for x >= scale. Moments exist below order `shape` only.
class Pareto final : public DelayLaw {
 public:
  Pareto(double scale, double shape) : scale_(scale), shape_(shape) {}

  [[nodiscard]] double sample(const DrawKey& key) const override {
    // log(X / scale) is exponential with rate `shape`.
    const double log_ratio = DrawStream(Stream::delay, key).exponential() / shape_;
    return representable(scale_ * std::exp(log_ratio));
  }
  [[nodiscard]] double mean() const override {
    if (shape_ <= 1) return std::numeric_limits<double>::infinity();
    return scale_ * (shape_ / (shape_ - 1));
  }
  [[nodiscard]] double variance() const override {
    if (shape_ <= 2) return std::numeric_limits<double>::infinity();
    const double spread = scale_ / (shape_ - 1);
    return spread * spread * (shape_ / (shape_ - 2));
  }
  [[nodiscard]] double cdf(double x) const override {
    return x > scale_ ? -std::expm1(-shape_ * log_ratio(x)) : 0;
  }
  [[nodiscard]] double survival(double x) const override {
    return x > scale_ ? std::exp(-shape_ * log_ratio(x)) : 1;
  }
  [[nodiscard]] double quantile(double p) const override {
    check_probability(p);
    return representable(scale_ * std::exp(-std::log1p(-p) / shape_));
  }
  [[nodiscard]] std::string text() const override {
    return law_text("pareto", {{"scale", scale_}, {"shape", shape_}});
  }

 private:
  /// log(x / scale). Near the scale the quotient would round away the digits that matter.
  [[nodiscard]] double log_ratio(double x) const {
    return x < 2 * scale_ ? std::log1p((x - scale_) / scale_) : std::log(x / scale_);
  }

  double scale_;
  double shape_;
};

}  // namespace

DelayLawPointer make_pareto(const Arguments& arguments) {
  return std::make_shared<Pareto>(arguments.positive("scale"), arguments.positive("shape"));
}

}  // namespace syncline
