#include "theory/event_count.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace syncline {
namespace {

using Complex = std::complex<double>;

constexpr double window_deviations = 16;

Complex power(Complex base, std::uint64_t exponent) {
  Complex result = 1;
  for (; exponent > 0; exponent >>= 1U) {
    if ((exponent & 1U) != 0) result *= base;
    base *= base;
  }
  return result;
}

/// The counts that have a chance.
struct Window {
  double first = 0;
  double last = 0;
};

Window window(const FleetGrid& fleet, std::size_t point) {
  double mean = 0;
  double variance = 0;
  double largest = 0;
  for (std::size_t g = 0; g < fleet.grids.size(); ++g) {
    const auto count = static_cast<double>(fleet.counts[g]);
    mean += count * fleet.grids[g].mean(point);
    variance += count * fleet.grids[g].variance(point);
    largest += count * static_cast<double>(fleet.grids[g].jobs());
  }
  const double reach = std::ceil(window_deviations * std::sqrt(variance)) + 32;
  return {std::max(0.0, std::floor(mean - reach)), std::min(largest, std::ceil(mean + reach))};
}

}  // namespace

FleetGrid::FleetGrid(const Groups& groups, double width, std::size_t points, Rounding rounding,
                     std::uint64_t most, bool stationary)
    : step(width) {
  for (const auto& group : groups) {
    grids.emplace_back(group.law, step, points, rounding, most, stationary);
    counts.push_back(group.count);
  }
}

Complex characteristic(const FleetGrid& fleet, std::size_t point, double frequency,
                       std::size_t without) {
  const Complex z = std::polar(1.0, frequency);
  Complex product = 1;
  for (std::size_t g = 0; g < fleet.grids.size(); ++g) {
    const RenewalGrid& grid = fleet.grids[g];
    // sum P(N = j) z^j = 1 + (z - 1) sum P(N >= j) z^(j-1)
    Complex sum = 0;
    for (std::size_t j = grid.jobs(); j > 0; --j) sum = sum * z + grid.ended(j, point);
    product *= power(1.0 + (z - 1.0) * sum, fleet.counts[g] - (g == without ? 1 : 0));
  }
  return product;
}

std::size_t count_period(const FleetGrid& fleet, std::size_t point) {
  return static_cast<std::size_t>(window(fleet, point).last) + 1;
}

double fewer_than(const FleetGrid& fleet, std::size_t i, std::uint64_t n) {
  const auto [first, last] = window(fleet, i);
  const auto wanted = static_cast<double>(n);
  if (wanted <= first) return 0;
  if (wanted > last) return 1;
  // Sum of the first `inside` chances of the window, from one period of frequencies.
  const double size = last - first + 1;
  const double inside = wanted - first;
  double sum = inside / size;
  const auto half = static_cast<std::size_t>(size / 2);
  for (std::size_t q = 1; q <= half; ++q) {
    const double frequency = 2 * std::numbers::pi * static_cast<double>(q) / size;
    const Complex value = characteristic(fleet, i, frequency, fleet.grids.size());
    // sum over m of exp(-i frequency m), m = first .. first + inside - 1
    const double ratio = std::sin(frequency * inside / 2) / std::sin(frequency / 2);
    const double angle = -frequency * (first + (inside - 1) / 2);
    const double term = (value * std::polar(ratio, angle)).real() / size;
    sum += 2.0 * static_cast<double>(q) == size ? term : 2 * term;
  }
  return std::clamp(sum, 0.0, 1.0);
}

}  // namespace syncline
