#include "delay/law_text.hpp"
#include "delay/laws.hpp"
#include "delay/range.hpp"

namespace syncline {
namespace {

/// Every job takes the same time.
class Constant final : public DelayLaw {
 public:
  explicit Constant(double value) : value_(value) {}

  [[nodiscard]] double sample(const DrawKey&) const override { return value_; }
  [[nodiscard]] double mean() const override { return value_; }
  [[nodiscard]] double variance() const override { return 0; }
  [[nodiscard]] double cdf(double x) const override { return x >= value_ ? 1 : 0; }
  [[nodiscard]] double survival(double x) const override { return x >= value_ ? 0 : 1; }
  [[nodiscard]] double quantile(double p) const override {
    check_probability(p);
    return value_;
  }
  [[nodiscard]] std::string text() const override {
    return law_text("constant", {{"value", value_}});
  }

 private:
  double value_;
};

}  // namespace

DelayLawPointer make_constant(const Arguments& arguments) {
  return std::make_shared<Constant>(arguments.positive("value"));
}

}  // namespace syncline
