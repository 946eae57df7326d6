#include "theory/renewal_grid.hpp"

#include <algorithm>
#include <cmath>

#include "theory/residual_time.hpp"

namespace syncline {
namespace {

/// Jobs that end within the grid with a smaller chance are left out.
constexpr double least = 1e-13;

/// A time of i steps stands for those from which it is rounded: the end of the interval.
double upper_edge(Rounding rounding, std::size_t i, double step) {
  const auto index = static_cast<double>(i);
  switch (rounding) {
    case Rounding::down:
      return (index + 1) * step;
    case Rounding::nearest:
      return (index + 0.5) * step;
    case Rounding::up:
      break;
  }
  return index * step;
}

}  // namespace

RenewalGrid::RenewalGrid(const LawView& law, double step, std::size_t points, Rounding rounding,
                         std::uint64_t most, bool stationary)
    : points_(points) {
  const std::size_t size = points + 1;
  std::vector<double> mass(size);
  double below = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const double now = law.law->cdf(upper_edge(rounding, i, step));
    mass[i] = now - below;
    below = now;
  }
  std::vector<double> sum(size);
  if (stationary) {
    const std::vector<double> missing = residual_survivals(law, step, size, rounding);
    for (std::size_t i = 0; i < size; ++i) sum[i] = 1 - missing[i];
  } else {
    double total = 0;
    for (std::size_t i = 0; i < size; ++i) sum[i] = total += mass[i];
  }
  while (sums_.size() < most && sum.back() > least) {
    sums_.push_back(sum);
    const std::vector<double>& last = sums_.back();
    const auto first_of = [](const std::vector<double>& values) {
      return static_cast<std::size_t>(
          std::find_if(values.begin(), values.end(), [](double x) { return x > 0; }) -
          values.begin());
    };
    std::fill(sum.begin(), sum.end(), 0.0);
    const std::size_t start = first_of(last);
    for (std::size_t i = first_of(mass); i < size; ++i) {
      const double weight = mass[i];
      if (weight == 0) continue;
      for (std::size_t j = start; i + j < size; ++j) sum[i + j] += weight * last[j];
    }
  }
}

double RenewalGrid::mean(std::size_t i) const {
  double sum = 0;
  for (const auto& ended : sums_) sum += ended[i];
  return sum;
}

double RenewalGrid::variance(std::size_t i) const {
  double squares = 0;  // E[N^2] = sum over j of (2j - 1) P(N >= j)
  double odd = 1;
  for (const auto& ended : sums_) {
    squares += odd * ended[i];
    odd += 2;
  }
  const double average = mean(i);
  return std::max(squares - average * average, 0.0);
}

}  // namespace syncline
