#include "workload/analytic/quadratic.hpp"

#include <algorithm>
#include <cmath>

#include "syncline/error.hpp"
#include "syncline/random.hpp"
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

/// The minima of the workers' own objectives, worker by worker; none if all are alike.
std::vector<double> own_minima(const Arguments& arguments, std::size_t dimension) {
  const double unlike = arguments.non_negative("unlike");
  const std::uint64_t workers = arguments.whole("workers");
  if (unlike == 0) return {};
  if (workers < 2 || workers > 10'000'000 / dimension) {
    arguments.refuse("workers",
                     "must say how many workers have unlike objectives, 2 or more, and "
                     "at most ten million over the dimension");
  }
  std::vector<double> minima(workers * dimension);
  std::vector<double> mean(dimension, 0.0);
  const double deviation = unlike / std::sqrt(static_cast<double>(dimension));
  for (std::uint64_t worker = 0; worker < workers; ++worker) {
    DrawStream stream(Stream::initial, {0, static_cast<std::uint32_t>(worker), 0});
    for (std::size_t i = 0; i < dimension; ++i) {
      minima[worker * dimension + i] = deviation * stream.normal();
      mean[i] += minima[worker * dimension + i] / static_cast<double>(workers);
    }
  }
  for (std::size_t i = 0; i < minima.size(); ++i) minima[i] -= mean[i % dimension];
  return minima;
}

template <class Real>
class Quadratic final : public AnalyticWorkload<Real> {
 public:
  Quadratic(std::vector<double> spectrum, std::vector<double> minima, double noise, double start)
      : AnalyticWorkload<Real>(spectrum.size(),
                               noise / std::sqrt(static_cast<double>(spectrum.size())),
                               NoiseKind::per_coordinate),
        spectrum_(std::move(spectrum)),
        minima_(std::move(minima)),
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

  void localise(std::uint32_t worker, std::span<Real> gradient) const override {
    if (minima_.empty()) return;
    const std::size_t first = worker * spectrum_.size();
    if (first >= minima_.size()) {
      throw ConfigError("the quadratic has unlike objectives for " +
                        std::to_string(minima_.size() / spectrum_.size()) +
                        " workers, and the fleet has more: set its parameter workers");
    }
    for (std::size_t i = 0; i < spectrum_.size(); ++i) {
      gradient[i] -= static_cast<Real>(spectrum_[i] * minima_[first + i]);
    }
  }

 private:
  std::vector<double> spectrum_;
  std::vector<double> minima_;  ///< of worker 0, of worker 1, ...
  double start_;
};

}  // namespace

template <class Real>
std::shared_ptr<const Workload<Real>> make_quadratic(const Arguments& arguments,
                                                     const WorkloadContext&) {
  std::vector<double> spectrum = eigenvalues(arguments);
  std::vector<double> minima = own_minima(arguments, spectrum.size());
  return std::make_shared<const Quadratic<Real>>(std::move(spectrum), std::move(minima),
                                                 arguments.non_negative("noise"),
                                                 arguments.number("start"));
}

template std::shared_ptr<const Workload<float>> make_quadratic(const Arguments&,
                                                               const WorkloadContext&);
template std::shared_ptr<const Workload<double>> make_quadratic(const Arguments&,
                                                                const WorkloadContext&);

}  // namespace syncline
