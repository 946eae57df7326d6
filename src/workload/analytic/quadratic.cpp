#include "workload/analytic/quadratic.hpp"

#include <algorithm>
#include <cmath>

#include "workload/analytic/analytic_workload.hpp"

namespace syncline {
namespace {

std::vector<double> eigenvalues(const Arguments& arguments) {
  const std::size_t dimension = arguments.at_least_one("dimension");
  const double condition = arguments.number("condition");
  if (!(condition >= 1)) arguments.refuse("condition", "must be at least 1");
  const std::string& spectrum = arguments.text("spectrum");
  const double smallest = 1 / condition;

  std::vector<double> values(dimension, 1.0);
  for (std::size_t i = 1; i < dimension; ++i) {
    const double place = static_cast<double>(i) / static_cast<double>(dimension - 1);
    if (spectrum == "log") {
      values[i] = std::pow(smallest, place);
    } else if (spectrum == "linear") {
      values[i] = 1 - (1 - smallest) * place;
    }
  }
  if (spectrum != "log" && spectrum != "linear" && spectrum != "constant") {
    arguments.refuse("spectrum", "must be log, linear or constant");
  }
  return values;
}

template <class Real>
class Quadratic final : public AnalyticWorkload<Real> {
 public:
  Quadratic(std::vector<double> spectrum, double noise, double start)
      : AnalyticWorkload<Real>(spectrum.size(),
                               noise / std::sqrt(static_cast<double>(spectrum.size())),
                               NoiseKind::per_coordinate),
        spectrum_(std::move(spectrum)),
        start_(start) {}

  void initialise(std::uint64_t, std::span<Real> state) const override {
    std::fill(state.begin(), state.end(), static_cast<Real>(start_));
  }
  [[nodiscard]] double excess(std::span<const Real> state) const override {
    double sum = 0;
    for (std::size_t i = 0; i < spectrum_.size(); ++i) {
      const double w = state[i];
      sum += spectrum_[i] * w * w;
    }
    return sum / 2;
  }
  void exact_gradient(std::span<const Real> state, std::span<Real> out) const override {
    for (std::size_t i = 0; i < spectrum_.size(); ++i) {
      out[i] = static_cast<Real>(spectrum_[i]) * state[i];
    }
  }

 private:
  std::vector<double> spectrum_;
  double start_;
};

}  // namespace

template <class Real>
std::shared_ptr<const Workload<Real>> make_quadratic(const Arguments& arguments,
                                                     const WorkloadContext&) {
  return std::make_shared<const Quadratic<Real>>(
      eigenvalues(arguments), arguments.non_negative("noise"), arguments.number("start"));
}

template std::shared_ptr<const Workload<float>> make_quadratic(const Arguments&,
                                                               const WorkloadContext&);
template std::shared_ptr<const Workload<double>> make_quadratic(const Arguments&,
                                                                const WorkloadContext&);

}  // namespace syncline
