#include "plan/exponential_sum.hpp"

#include <algorithm>
#include <cmath>

namespace syncline {
namespace {

constexpr std::size_t rates_per_decade = 4;
constexpr int sweeps = 20000;
constexpr double settled = 1e-12;

std::vector<double> rate_grid(const std::vector<double>& x) {
  const double range = x.back() - x.front();
  double finest = range;
  for (std::size_t i = 1; i < x.size(); ++i) finest = std::min(finest, x[i] - x[i - 1]);
  finest = std::max(finest, range * 1e-6);
  std::vector<double> rates = {0};
  const double factor = std::pow(10.0, 1.0 / static_cast<double>(rates_per_decade));
  for (double rate = 0.1 / range; rate < 3 / finest; rate *= factor) rates.push_back(rate);
  return rates;
}

}  // namespace

double ExponentialSum::operator()(double x) const {
  double sum = 0;
  for (std::size_t i = 0; i < rates.size(); ++i) sum += weights[i] * std::exp(-rates[i] * x);
  return sum;
}

ExponentialSum fit_exponential_sum(const std::vector<double>& x, const std::vector<double>& y) {
  ExponentialSum sum;
  sum.rates = rate_grid(x);
  const std::size_t n = sum.rates.size();
  // Normal equations: a few dozen unknowns, and only non-negative solutions, which keeps them tame.
  std::vector<double> gram(n * n);
  std::vector<double> right(n);
  for (std::size_t point = 0; point < x.size(); ++point) {
    std::vector<double> column(n);
    for (std::size_t i = 0; i < n; ++i)
      column[i] = std::exp(-sum.rates[i] * (x[point] - x.front()));
    for (std::size_t i = 0; i < n; ++i) {
      right[i] += column[i] * y[point];
      for (std::size_t j = 0; j < n; ++j) gram[i * n + j] += column[i] * column[j];
    }
  }
  // Coordinate descent with a clamp at 0 finds the one minimum of this convex problem.
  sum.weights.assign(n, 0);
  for (int sweep = 0; sweep < sweeps; ++sweep) {
    double moved = 0;
    double size = 0;
    for (std::size_t i = 0; i < n; ++i) {
      double pull = right[i];
      for (std::size_t j = 0; j < n; ++j) pull -= gram[i * n + j] * sum.weights[j];
      const double next = std::max(0.0, sum.weights[i] + pull / gram[i * n + i]);
      moved = std::max(moved, std::abs(next - sum.weights[i]));
      size = std::max(size, next);
      sum.weights[i] = next;
    }
    if (moved <= settled * size) break;
  }
  // The points began at x.front(): the weights there, carried back to x = 0.
  for (std::size_t i = 0; i < n; ++i) sum.weights[i] *= std::exp(sum.rates[i] * x.front());
  return sum;
}

}  // namespace syncline
