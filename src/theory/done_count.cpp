#include "theory/done_count.hpp"

#include <algorithm>
#include <cmath>

namespace syncline {
namespace {

constexpr double least_of_light = 1e-60;
constexpr double least_of_heavy = 1e-300;

struct Window {
  std::uint64_t first = 0;
  std::vector<double> pmf;
};

/// Binomial(n, p) around its mode by the ratio of neighbours; scaled to sum 1, which costs no
/// precision however large n is.
Window binomial(std::uint64_t n, double p, double q, double least) {
  if (p <= 0) return {0, {1}};
  if (q <= 0) return {n, {1}};
  const auto count = static_cast<double>(n);
  const auto mode = std::min(n, static_cast<std::uint64_t>(std::floor((count + 1) * p)));
  std::vector<double> below;
  double chance = 1;
  for (std::uint64_t i = mode; i > 0; --i) {
    const auto x = static_cast<double>(i);
    chance *= x / (count - x + 1) * (q / p);
    if (chance < least) break;
    below.push_back(chance);
  }
  Window window{mode - below.size(), {below.rbegin(), below.rend()}};
  window.pmf.push_back(1);
  chance = 1;
  for (std::uint64_t i = mode; i < n; ++i) {
    const auto x = static_cast<double>(i);
    chance *= (count - x) / (x + 1) * (p / q);
    if (chance < least) break;
    window.pmf.push_back(chance);
  }
  double sum = 0;
  for (const double value : window.pmf) sum += value;
  for (double& value : window.pmf) value /= sum;
  return window;
}

void trim(Window& window, double least) {
  const auto seen = [least](double value) { return value >= least; };
  const auto begin = std::find_if(window.pmf.begin(), window.pmf.end(), seen);
  window.first += static_cast<std::uint64_t>(begin - window.pmf.begin());
  window.pmf.erase(window.pmf.begin(), begin);
  window.pmf.erase(std::find_if(window.pmf.rbegin(), window.pmf.rend(), seen).base(),
                   window.pmf.end());
}

Window sum_of(const Window& a, const Window& b, double least) {
  Window sum{a.first + b.first, std::vector<double>(a.pmf.size() + b.pmf.size() - 1, 0.0)};
  for (std::size_t i = 0; i < a.pmf.size(); ++i) {
    for (std::size_t j = 0; j < b.pmf.size(); ++j) sum.pmf[i + j] += a.pmf[i] * b.pmf[j];
  }
  trim(sum, least);
  return sum;
}

}  // namespace

DoneCount::DoneCount(const Groups& groups, double t) {
  const bool heavy = std::any_of(groups.begin(), groups.end(), [](const WorkerGroup& group) {
    return std::isfinite(group.law.tail_exponent);
  });
  const double least = heavy ? least_of_heavy : least_of_light;
  Window total{0, {1}};
  for (const auto& [law, count] : groups) {
    total = sum_of(total, binomial(count, law.law->cdf(t), law.law->survival(t), least), least);
  }
  first_ = total.first;
  pmf_ = std::move(total.pmf);
}

double DoneCount::at_most(std::uint64_t n) const {
  if (n < first_) return 0;
  if (n - first_ + 1 >= pmf_.size()) return 1;
  double sum = 0;
  for (std::size_t i = 0; i <= n - first_; ++i) sum += pmf_[i];
  return std::min(sum, 1.0);
}

double DoneCount::mean_missing(std::uint64_t k) const {
  double sum = 0;
  for (std::size_t i = 0; i < pmf_.size() && first_ + i < k; ++i) {
    sum += static_cast<double>(k - first_ - i) * pmf_[i];
  }
  return sum;
}

}  // namespace syncline
