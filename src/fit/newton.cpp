#include "fit/newton.hpp"

#include <algorithm>
#include <cmath>

namespace syncline {
namespace {

using Vector = std::vector<double>;
using Matrix = std::vector<Vector>;

constexpr int most_steps = 60;
constexpr double difference = 0.05;  // of a standard error: f changes by about 0.001
constexpr double longest_step = 3;   // parameters are logarithms or of that order
constexpr double noise = 1e-12;      // relative gain below which rounding decides

/// The lower Cholesky factor; nullopt if the matrix is not positive definite.
std::optional<Matrix> cholesky(const Matrix& a) {
  const std::size_t n = a.size();
  Matrix l(n, Vector(n, 0));
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = a[i][j];
      for (std::size_t k = 0; k < j; ++k) sum -= l[i][k] * l[j][k];
      if (i != j) {
        l[i][j] = sum / l[j][j];
      } else if (sum > 1e-12 * std::fabs(a[i][i])) {
        l[i][i] = std::sqrt(sum);
      } else {
        return std::nullopt;
      }
    }
  }
  return l;
}

Vector solve(const Matrix& l, Vector b) {
  const std::size_t n = b.size();
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < i; ++k) b[i] -= l[i][k] * b[k];
    b[i] /= l[i][i];
  }
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t k = i + 1; k < n; ++k) b[i] -= l[k][i] * b[k];
    b[i] /= l[i][i];
  }
  return b;
}

/// Gradient and negative Hessian, with respect to parameters in units of `steps`.
struct Curvature {
  Vector gradient;
  Matrix information;
  bool finite = true;
};

Curvature curvature(const std::function<double(const Vector&)>& f, const Vector& at, double value,
                    const Vector& steps) {
  const std::size_t n = at.size();
  Curvature result{Vector(n, 0), Matrix(n, Vector(n, 0))};
  Vector up(n);
  Vector down(n);
  Vector x = at;
  for (std::size_t i = 0; i < n; ++i) {
    x[i] = at[i] + steps[i];
    up[i] = f(x);
    x[i] = at[i] - steps[i];
    down[i] = f(x);
    x[i] = at[i];
    result.gradient[i] = (up[i] - down[i]) / 2;
    result.information[i][i] = 2 * value - up[i] - down[i];
  }
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      x[i] = at[i] + steps[i];
      x[j] = at[j] + steps[j];
      double mixed = f(x);
      x[i] = at[i] - steps[i];
      x[j] = at[j] - steps[j];
      mixed += f(x);
      x[i] = at[i];
      x[j] = at[j];
      mixed = (mixed - up[i] - down[i] - up[j] - down[j] + 2 * value) / 2;
      result.information[i][j] = result.information[j][i] = -mixed;
    }
  }
  for (const auto& row : result.information) {
    for (const double entry : row) result.finite = result.finite && std::isfinite(entry);
  }
  return result;
}

/// Newton's step; where f is not concave, the diagonal is raised until it is.
std::optional<Vector> ascent(const Curvature& local) {
  Matrix information = local.information;
  double largest = 0;
  for (std::size_t i = 0; i < information.size(); ++i) {
    largest = std::max(largest, std::fabs(information[i][i]));
  }
  if (largest == 0) largest = 1;
  for (double damping = 1e-3; damping < 1e9; damping *= 10) {
    if (const auto factor = cholesky(information)) return solve(*factor, local.gradient);
    for (std::size_t i = 0; i < information.size(); ++i) information[i][i] += damping * largest;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Maximum> maximise(const std::function<double(const Vector&)>& f, Vector start,
                                Vector scales) {
  const std::size_t n = start.size();
  Maximum best{std::move(start), 0, {}};
  best.value = f(best.at);
  if (!std::isfinite(best.value)) return std::nullopt;
  Vector steps = scales;
  for (double& step : steps) step *= difference;
  for (int count = 0; count < most_steps; ++count) {
    const Curvature local = curvature(f, best.at, best.value, steps);
    if (!local.finite) return std::nullopt;
    const auto step = ascent(local);
    if (!step) return std::nullopt;
    double gain = 0;
    double length = 0;
    for (std::size_t i = 0; i < n; ++i) {
      gain += (*step)[i] * local.gradient[i] / 2;
      length = std::max(length, std::fabs((*step)[i] * steps[i]));
    }
    bool improved = false;
    double fraction = length > longest_step ? longest_step / length : 1;
    if (gain > noise * (1 + std::fabs(best.value))) {
      for (int halvings = 0; halvings < 30 && !improved; ++halvings, fraction /= 2) {
        Vector x = best.at;
        for (std::size_t i = 0; i < n; ++i) x[i] += fraction * (*step)[i] * steps[i];
        const double value = f(x);
        if (value > best.value) {
          best.at = x;
          best.value = value;
          improved = true;
        }
      }
    }
    // The next differences use the errors that this point suggests.
    for (std::size_t i = 0; i < n; ++i) {
      if (local.information[i][i] > 0) {
        const double error = steps[i] / std::sqrt(local.information[i][i]);
        steps[i] = std::clamp(difference * error, steps[i] / 100, steps[i] * 100);
      }
    }
    if (!improved) break;
  }
  const Curvature last = curvature(f, best.at, best.value, steps);
  if (!last.finite) return best;
  const auto factor = cholesky(last.information);
  if (!factor) return best;
  for (std::size_t i = 0; i < n; ++i) {
    Vector unit(n, 0);
    unit[i] = 1;
    Vector column = solve(*factor, unit);
    for (std::size_t j = 0; j < n; ++j) column[j] *= steps[i] * steps[j];
    best.covariance.push_back(std::move(column));
  }
  return best;
}

}  // namespace syncline
