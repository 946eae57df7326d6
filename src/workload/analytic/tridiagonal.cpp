#include "workload/analytic/tridiagonal.hpp"

#include <algorithm>
#include <cmath>

#include "workload/analytic/analytic_workload.hpp"

namespace syncline {
namespace {

template <class Real>
class Tridiagonal final : public AnalyticWorkload<Real> {
 public:
  using AnalyticWorkload<Real>::AnalyticWorkload;

  void initialise(std::uint64_t, std::span<Real> state) const override {
    std::fill(state.begin(), state.end(), Real(0));
    state[0] = static_cast<Real>(std::sqrt(static_cast<double>(this->dimension())));
  }

  /// As 1/2 (x - x*)'A(x - x*), a sum of squares: the difference f(x) - f* would cancel near x*.
  [[nodiscard]] double excess(std::span<const Real> x) const override {
    const std::size_t d = this->dimension();
    double before = 0, sum = 0;
    for (std::size_t i = 0; i < d; ++i) {
      const double error = x[i] + static_cast<double>(d - i) / static_cast<double>(d + 1);
      sum += (error - before) * (error - before);
      before = error;
    }
    return (sum + before * before) / 8;
  }

  void exact_gradient(std::span<const Real> x, std::span<Real> out) const override {
    const std::size_t d = this->dimension();
    for (std::size_t i = 0; i < d; ++i) {
      const Real before = i == 0 ? Real(-1) : x[i - 1];  // minus one: this is -b
      const Real after = i + 1 == d ? Real(0) : x[i + 1];
      out[i] = (2 * x[i] - before - after) / 4;
    }
  }
};

NoiseKind noise_kind(const Arguments& arguments) {
  const std::string& kind = arguments.text("noise_kind");
  if (kind == "per-coordinate") return NoiseKind::per_coordinate;
  if (kind == "shared") return NoiseKind::shared;
  arguments.refuse("noise_kind", "must be per-coordinate or shared");
}

}  // namespace

template <class Real>
std::shared_ptr<const Workload<Real>> make_tridiagonal(const Arguments& arguments,
                                                       const WorkloadContext&) {
  return std::make_shared<const Tridiagonal<Real>>(
      arguments.at_least_one("dimension"), arguments.non_negative("noise"), noise_kind(arguments));
}

template std::shared_ptr<const Workload<float>> make_tridiagonal(const Arguments&,
                                                                 const WorkloadContext&);
template std::shared_ptr<const Workload<double>> make_tridiagonal(const Arguments&,
                                                                  const WorkloadContext&);

}  // namespace syncline
