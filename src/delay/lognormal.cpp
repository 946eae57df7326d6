#include <cmath>
#include <numbers>

#include <boost/math/special_functions/erf.hpp>

#include "delay/law_text.hpp"
#include "delay/laws.hpp"
#include "delay/range.hpp"

namespace syncline {
namespace {

/// log X is normal with mean mu and standard deviation sigma.
class Lognormal final : public DelayLaw {
 public:
  Lognormal(double mu, double sigma) : mu_(mu), sigma_(sigma) {}

  [[nodiscard]] double sample(const DrawKey& key) const override {
    return representable(std::exp(mu_ + sigma_ * DrawStream(Stream::delay, key).normal()));
  }
  [[nodiscard]] double mean() const override { return std::exp(mu_ + sigma_ * sigma_ / 2); }
  [[nodiscard]] double variance() const override {
    const double s2 = sigma_ * sigma_;
    return -std::expm1(-s2) * std::exp(2 * (mu_ + s2));
  }
  [[nodiscard]] double cdf(double x) const override {
    return x > 0 ? 0.5 * std::erfc(-deviation(x)) : 0;
  }
  [[nodiscard]] double survival(double x) const override {
    return x > 0 ? 0.5 * std::erfc(deviation(x)) : 1;
  }
  [[nodiscard]] double quantile(double p) const override {
    check_probability(p);
    const double z = -std::numbers::sqrt2 * boost::math::erfc_inv(2 * p);
    return representable(std::exp(mu_ + sigma_ * z));
  }
  [[nodiscard]] std::string text() const override {
    return law_text("lognormal", {{"mu", mu_}, {"sigma", sigma_}});
  }

 private:
  /// Standard deviations of log x above mu, over sqrt 2, as erfc wants it.
  [[nodiscard]] double deviation(double x) const {
    return (std::log(x) - mu_) / (sigma_ * std::numbers::sqrt2);
  }

  double mu_;
  double sigma_;
};

}  // namespace

DelayLawPointer make_lognormal(const Arguments& arguments) {
  return std::make_shared<Lognormal>(arguments.number("mu"), arguments.positive("sigma"));
}

}  // namespace syncline
