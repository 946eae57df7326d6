#include "delay/fleet_laws.hpp"

#include <cmath>

#include "delay/law_text.hpp"

namespace syncline::testing {

FleetLaws::FleetLaws() {
  const std::string values = folder_.write("values.txt", "0.5 1.25 1.25\n2 3.5 # slow\n0.5,8\n");
  const std::string times =
      folder_.write("times.json", R"({"0": [0.875, 2.375, 2.25], "1": [1.5], "2": []})");
  texts_ = {
      "exponential(rate=0.25)",
      "shifted-exponential(shift=1, rate=2)",
      "shifted-exponential(shift=0, rate=2)",
      "pareto(scale=2, shape=5)",
      "pareto(scale=1, shape=2.5)",
      "pareto(scale=1, shape=0.8)",
      "weibull(shape=0.7, scale=1)",
      "weibull(shape=1.5, scale=3)",
      "gamma(shape=0.3, scale=2)",
      "gamma(shape=1, scale=2)",
      "gamma(shape=7.5, scale=0.5)",
      "lognormal(mu=0, sigma=1)",
      "lognormal(mu=-2, sigma=0.25)",
      "uniform(low=0, high=3)",
      "uniform(low=1, high=1.5)",
      "constant(value=1.5)",
      "hyperexponential(p=0.9, mean1=0.5, mean2=5.5)",
      "hyperexponential(p=0.25, mean1=3, mean2=1)",
      "empirical(file=" + values + ")",
      "service-times(file=" + times + ")",
  };
}

rc::Gen<double> log_uniform(int low, int high) {
  return rc::gen::map(rc::gen::inRange(low * 1000, high * 1000 + 1),
                      [](int exponent) { return std::pow(10.0, exponent / 1000.0); });
}

rc::Gen<double> chance() {
  return rc::gen::map(rc::gen::pair(log_uniform(-12, 0), rc::gen::arbitrary<bool>()),
                      [](const std::pair<double, bool>& pair) {
                        const double small = pair.first / 2;
                        return pair.second ? small : 1 - small;
                      });
}

rc::Gen<std::string> continuous_law() {
  const auto text = [](const char* name, const char* first, const char* second) {
    return [=](const std::pair<double, double>& values) {
      return law_text(name, {{first, values.first}, {second, values.second}});
    };
  };
  const auto pair = [](rc::Gen<double> first, rc::Gen<double> second) {
    return rc::gen::pair(std::move(first), std::move(second));
  };
  using rc::gen::map;
  const auto scale = log_uniform(-3, 3);
  return rc::gen::oneOf(
      map(scale,
          [](double rate) {
            return law_text("exponential", {{"rate", rate}});
          }),
      map(pair(scale, scale), text("shifted-exponential", "shift", "rate")),
      map(pair(scale, log_uniform(-1, 2)), text("pareto", "scale", "shape")),
      map(pair(log_uniform(-1, 2), scale), text("weibull", "shape", "scale")),
      map(pair(log_uniform(-1, 3), scale), text("gamma", "shape", "scale")),
      map(pair(log_uniform(-2, 1), log_uniform(-2, 0)), text("lognormal", "mu", "sigma")),
      map(pair(scale, scale),
          [](const std::pair<double, double>& values) {
            return law_text("uniform",
                            {{"low", values.first}, {"high", values.first + values.second}});
          }),
      map(rc::gen::tuple(chance(), scale, scale),
          [](const std::tuple<double, double, double>& values) {
            const auto [p, mean1, mean2] = values;
            return law_text("hyperexponential", {{"p", p}, {"mean1", mean1}, {"mean2", mean2}});
          }));
}

}  // namespace syncline::testing
