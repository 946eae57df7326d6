#include <cmath>

#include "delay/law_text.hpp"
#include "delay/laws.hpp"
#include "delay/range.hpp"

namespace syncline {
namespace {

/// P(X > x) = exp(-rate x).
class Exponential final : public DelayLaw {
 public:
  explicit Exponential(double rate) : rate_(rate), mean_(1 / rate) {}

  [[nodiscard]] double sample(const DrawKey& key) const override {
    return representable(DrawStream(Stream::delay, key).exponential() * mean_);
  }
  [[nodiscard]] double mean() const override { return mean_; }
  [[nodiscard]] double variance() const override { return mean_ * mean_; }
  [[nodiscard]] double cdf(double x) const override { return x > 0 ? -std::expm1(-rate_ * x) : 0; }
  [[nodiscard]] double survival(double x) const override {
    return x > 0 ? std::exp(-rate_ * x) : 1;
  }
  [[nodiscard]] double quantile(double p) const override {
    check_probability(p);
    return representable(-std::log1p(-p) * mean_);
  }
  [[nodiscard]] std::string text() const override {
    return law_text("exponential", {{"rate", rate_}});
  }

 private:
  double rate_;
  double mean_;
};

/// A fixed part and a random one: P(X > x) = exp(-rate (x - shift)) for x > shift.
class ShiftedExponential final : public DelayLaw {
 public:
  ShiftedExponential(double shift, double rate) : shift_(shift), rate_(rate), scale_(1 / rate) {}

  [[nodiscard]] double sample(const DrawKey& key) const override {
    return representable(shift_ + DrawStream(Stream::delay, key).exponential() * scale_);
  }
  [[nodiscard]] double mean() const override { return shift_ + scale_; }
  [[nodiscard]] double variance() const override { return scale_ * scale_; }
  [[nodiscard]] double cdf(double x) const override {
    return x > shift_ ? -std::expm1(-rate_ * (x - shift_)) : 0;
  }
  [[nodiscard]] double survival(double x) const override {
    return x > shift_ ? std::exp(-rate_ * (x - shift_)) : 1;
  }
  [[nodiscard]] double quantile(double p) const override {
    check_probability(p);
    return representable(shift_ - std::log1p(-p) * scale_);
  }
  [[nodiscard]] std::string text() const override {
    return law_text("shifted-exponential", {{"shift", shift_}, {"rate", rate_}});
  }

 private:
  double shift_;
  double rate_;
  double scale_;
};

}  // namespace

DelayLawPointer make_exponential(const Arguments& arguments) {
  return std::make_shared<Exponential>(arguments.positive("rate"));
}

DelayLawPointer make_shifted_exponential(const Arguments& arguments) {
  return std::make_shared<ShiftedExponential>(arguments.non_negative("shift"),
                                              arguments.positive("rate"));
}

}  // namespace syncline
