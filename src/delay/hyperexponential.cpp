#include <algorithm>
#include <cmath>
#include <cstdint>

#include <boost/math/tools/toms748_solve.hpp>

#include "delay/law_text.hpp"
#include "delay/laws.hpp"
#include "delay/range.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

// Far above the 4 x 50 evaluations of the worst case, 50 halvings over 600 orders of magnitude.
constexpr std::uintmax_t most_steps = 1000;

/// Exponential with mean1, with chance p, else with mean2: mostly fast, sometimes very slow.
class Hyperexponential final : public DelayLaw {
 public:
  Hyperexponential(double chance, double mean1, double mean2)
      : chance_(chance), mean1_(mean1), mean2_(mean2) {}

  [[nodiscard]] double sample(const DrawKey& key) const override {
    DrawStream stream(Stream::delay, key);
    const double mean = stream.uniform() < chance_ ? mean1_ : mean2_;
    return representable(stream.exponential() * mean);
  }
  [[nodiscard]] double mean() const override { return chance_ * mean1_ + (1 - chance_) * mean2_; }
  [[nodiscard]] double variance() const override {
    // The mean of the two variances and the variance of the two means: no cancellation.
    const double q = 1 - chance_;
    const double gap = mean1_ - mean2_;
    return chance_ * mean1_ * mean1_ + q * mean2_ * mean2_ + chance_ * q * gap * gap;
  }
  [[nodiscard]] double cdf(double x) const override {
    if (!(x > 0)) return 0;
    return -(chance_ * std::expm1(-x / mean1_) + (1 - chance_) * std::expm1(-x / mean2_));
  }
  [[nodiscard]] double survival(double x) const override {
    if (!(x > 0)) return 1;
    return chance_ * std::exp(-x / mean1_) + (1 - chance_) * std::exp(-x / mean2_);
  }
  [[nodiscard]] double quantile(double p) const override;
  [[nodiscard]] std::string text() const override {
    return law_text("hyperexponential", {{"p", chance_}, {"mean1", mean1_}, {"mean2", mean2_}});
  }

 private:
  double chance_;
  double mean1_;
  double mean2_;
};

double Hyperexponential::quantile(double p) const {
  check_probability(p);
  const double unit = -std::log1p(-p);
  if (chance_ == 1) return representable(unit * mean1_);
  if (chance_ == 0) return representable(unit * mean2_);
  // No closed form, but it lies between the quantiles of the two exponentials. The unknown is
  // t = log(x / low), since the two means may be many orders of magnitude apart; the equation is
  // taken in the tail where it is exact, and in logarithms, which makes it nearly straight.
  const double low = representable(unit * std::min(mean1_, mean2_));
  const double high = representable(unit * std::max(mean1_, mean2_));
  const auto time = [&](double t) {
    const double half = std::exp(t / 2);  // exp(t) itself may overflow
    return low * half * half;
  };
  const auto excess = [&](double t) {
    const double x = time(t);
    return p < 0.5 ? std::log(cdf(x) / p) : std::log((1 - p) / survival(x));
  };
  const double end = std::log(high) - std::log(low);
  const double at_low = excess(0);
  const double at_high = excess(end);
  if (at_low >= 0) return low;
  if (at_high <= 0) return high;
  const auto close = [](double a, double b) { return b - a <= 1e-15 * std::max(1.0, b); };
  std::uintmax_t steps = most_steps;
  const auto [left, right] =
      boost::math::tools::toms748_solve(excess, 0.0, end, at_low, at_high, close, steps);
  if (steps >= most_steps)
    throw InternalError(text() + ": no quantile found at p = " + number_text(p));
  return representable(time(right));
}

}  // namespace

DelayLawPointer make_hyperexponential(const Arguments& arguments) {
  const double chance = arguments.non_negative("p");
  if (chance > 1) arguments.refuse("p", "is a chance and can't be above 1");
  return std::make_shared<Hyperexponential>(chance, arguments.positive("mean1"),
                                            arguments.positive("mean2"));
}

}  // namespace syncline
