#include "delay/laws.hpp"
#include "delay/value_distribution.hpp"
#include "delay/value_file.hpp"

namespace syncline {
namespace {

/// Draws one of the measured durations, each with the same chance (the bootstrap's law).
class Empirical final : public DelayLaw {
 public:
  explicit Empirical(const std::string& file) : file_(file), values_(read_values(file)) {}

  [[nodiscard]] double sample(const DrawKey& key) const override {
    return values_.value(DrawStream(Stream::delay, key).below(values_.size()));
  }
  [[nodiscard]] double mean() const override { return values_.mean(); }
  [[nodiscard]] double variance() const override { return values_.variance(); }
  [[nodiscard]] double cdf(double x) const override { return values_.cdf(x); }
  [[nodiscard]] double survival(double x) const override { return values_.survival(x); }
  [[nodiscard]] double quantile(double p) const override { return values_.quantile(p); }
  [[nodiscard]] std::string text() const override {
    return to_text({"empirical", {{"file", file_}}});
  }

 private:
  std::string file_;
  ValueDistribution values_;
};

}  // namespace

DelayLawPointer make_empirical(const Arguments& arguments) {
  return std::make_shared<Empirical>(arguments.text("file"));
}

}  // namespace syncline
