#include "delay/law_text.hpp"
#include "delay/laws.hpp"
#include "delay/range.hpp"

namespace syncline {
namespace {

/// Density 1 / (high - low) between low and high.
class Uniform final : public DelayLaw {
 public:
  Uniform(double low, double high) : low_(low), high_(high), width_(high - low) {}

  [[nodiscard]] double sample(const DrawKey& key) const override {
    return representable(low_ + width_ * DrawStream(Stream::delay, key).uniform());
  }
  [[nodiscard]] double mean() const override { return low_ + width_ / 2; }
  [[nodiscard]] double variance() const override { return width_ * width_ / 12; }
  [[nodiscard]] double cdf(double x) const override {
    if (x <= low_) return 0;
    return x < high_ ? (x - low_) / width_ : 1;
  }
  [[nodiscard]] double survival(double x) const override {
    if (x <= low_) return 1;
    return x < high_ ? (high_ - x) / width_ : 0;
  }
  [[nodiscard]] double quantile(double p) const override {
    check_probability(p);
    return representable(low_ + width_ * p);
  }
  [[nodiscard]] std::string text() const override {
    return law_text("uniform", {{"low", low_}, {"high", high_}});
  }

 private:
  double low_;
  double high_;
  double width_;
};

}  // namespace

DelayLawPointer make_uniform(const Arguments& arguments) {
  const double low = arguments.non_negative("low");
  const double high = arguments.positive("high");
  if (!(low < high)) {
    arguments.refuse("high", "must be above low (a fixed time is written constant(value))");
  }
  return std::make_shared<Uniform>(low, high);
}

}  // namespace syncline
