#include "policy/coding/cyclic_code.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "policy/coding/small_systems.hpp"
#include "syncline/random.hpp"

namespace syncline {
namespace {

/// Sets of missing workers that a code is tried with, if there are more.
constexpr std::size_t trials = 500;
/// Codes of which the best is taken: more are hardly better, and the first is ten times worse.
constexpr std::uint64_t codes = 8;

/// n over k, or more than `limit`.
std::size_t choices(std::size_t n, std::size_t k, std::size_t limit) {
  std::size_t count = 1;
  for (std::size_t i = 1; i <= k && count <= limit; ++i) count = count * (n - k + i) / i;
  return count;
}

/// The next set of as many numbers below n, in lexical order; false after the last.
bool advance(std::vector<WorkerId>& set, std::uint32_t n) {
  for (std::size_t i = set.size(); i-- > 0;) {
    if (set[i] + (set.size() - i) >= n) continue;
    ++set[i];
    std::iota(set.begin() + static_cast<std::ptrdiff_t>(i) + 1, set.end(), set[i] + 1);
    return true;
  }
  return false;
}

/// To the larger of the two; not a number is worst of all, and stays.
void raise(double& worst, double value) {
  if (!std::isnan(worst) && !(value <= worst)) worst = value;
}

}  // namespace

CyclicCode::CyclicCode(std::uint32_t workers, std::uint32_t stragglers, std::uint64_t draw)
    : n_(workers), s_(stragglers), rows_(std::size_t{workers} * (stragglers + 1)) {
  make_rows(draw);
  analyse();
}

void CyclicCode::make_rows(std::uint64_t draw) {
  std::vector<std::vector<double>> h(s_, std::vector<double>(n_));
  for (std::uint32_t i = 0; i < s_; ++i) {
    DrawStream draws(Stream::code, {n_, i, draw});
    for (double& x : h[i]) x = draws.normal();
    const double mean = std::accumulate(h[i].begin(), h[i].end(), 0.0) / n_;
    for (double& x : h[i]) x -= mean;
  }
  for (std::uint32_t w = 0; w < n_; ++w) {
    // The own part has weight 1 at first, the others follow.
    std::vector<std::vector<double>> system(s_, std::vector<double>(s_));
    std::vector<double> right(s_);
    for (std::uint32_t i = 0; i < s_; ++i) {
      for (std::uint32_t j = 0; j < s_; ++j) system[i][j] = h[i][(w + 1 + j) % n_];
      right[i] = -h[i][w];
    }
    const std::vector<double> rest = solve(std::move(system), std::move(right));
    double* row = rows_.data() + std::size_t{w} * (s_ + 1);
    row[0] = 1;
    std::copy(rest.begin(), rest.end(), row + 1);
    const double scale = (s_ + 1) / std::accumulate(row, row + s_ + 1, 0.0);
    for (std::uint32_t j = 0; j <= s_; ++j) row[j] *= scale;
  }
}

std::vector<double> CyclicCode::column(std::uint32_t part) const {
  std::vector<double> all(n_, 0.0);
  for (std::uint32_t j = 0; j <= s_; ++j) {
    const std::uint32_t worker = (part + n_ - j) % n_;
    all[worker] = row(worker)[j];
  }
  return all;
}

void CyclicCode::analyse() {
  // The columns of B span n - s dimensions. Each that is taken gives one condition on `least_`.
  std::vector<std::vector<double>> columns;
  for (std::uint32_t part = 0; part < n_; ++part) columns.push_back(column(part));
  OrthonormalBasis basis;
  basis.offer(columns);
  least_.assign(n_, 0.0);
  for (std::uint32_t k = 0; k < n_ - s_; ++k) {
    const std::vector<double>& taken = columns[basis.take_farthest()];
    const std::vector<double>& direction = basis.vectors().back();
    const double missing = (1 - dot(taken, least_)) / dot(taken, direction);
    for (std::uint32_t w = 0; w < n_; ++w) least_[w] += missing * direction[w];
  }
  std::vector<std::vector<double>> units(n_, std::vector<double>(n_, 0.0));
  for (std::uint32_t w = 0; w < n_; ++w) units[w][w] = 1;
  basis.offer(std::move(units));
  for (std::uint32_t k = 0; k < s_; ++k) {
    basis.take_farthest();
    ways_.push_back(basis.vectors().back());
  }
}

Decoding CyclicCode::decode(std::span<const WorkerId> missing) const {
  std::vector<std::vector<double>> system;
  std::vector<double> right;
  for (const WorkerId worker : missing) {
    std::vector<double> equation;
    for (const auto& way : ways_) equation.push_back(way[worker]);
    system.push_back(std::move(equation));
    right.push_back(-least_[worker]);
  }
  Decoding decoding;
  decoding.weights = least_;
  const std::vector<double> along = solve(std::move(system), std::move(right));
  for (std::size_t k = 0; k < along.size(); ++k) {
    for (std::uint32_t w = 0; w < n_; ++w) decoding.weights[w] += along[k] * ways_[k][w];
  }
  for (const WorkerId worker : missing) decoding.weights[worker] = 0;

  std::vector<double> sums(n_, 0.0);
  double sizes = 0;
  for (std::uint32_t w = 0; w < n_; ++w) {
    for (std::uint32_t j = 0; j <= s_; ++j) {
      const double term = decoding.weights[w] * row(w)[j];
      sums[(w + j) % n_] += term;
      sizes += std::abs(term);
    }
  }
  decoding.condition = sizes / n_;
  double missed = 0;
  for (const double sum : sums) missed += std::abs(sum - 1) / n_;
  decoding.error = missed + (n_ + 1) * 0x1p-53 * decoding.condition;
  return decoding;
}

Decoding CyclicCode::worst() const {
  Decoding worst;
  const auto look_at = [&](const std::vector<WorkerId>& set) {
    const Decoding decoding = decode(set);
    raise(worst.condition, decoding.condition);
    raise(worst.error, decoding.error);
  };
  std::vector<WorkerId> missing(s_);
  std::iota(missing.begin(), missing.end(), 0U);
  if (choices(n_, s_, trials) <= trials) {
    do look_at(missing);
    while (advance(missing, n_));
    return worst;
  }
  for (std::uint32_t first = 0; first < n_; ++first) {
    for (std::uint32_t i = 0; i < s_; ++i) missing[i] = (first + i) % n_;
    look_at(missing);
  }
  std::vector<WorkerId> all(n_);
  std::iota(all.begin(), all.end(), 0U);
  DrawStream draws(Stream::code, {n_, s_, codes});
  for (std::size_t trial = 0; trial < trials; ++trial) {
    for (std::uint32_t i = 0; i < s_; ++i) std::swap(all[i], all[i + draws.below(n_ - i)]);
    std::copy_n(all.begin(), s_, missing.begin());
    look_at(missing);
  }
  return worst;
}

std::shared_ptr<const CyclicCode> best_cyclic_code(std::uint32_t workers,
                                                   std::uint32_t stragglers) {
  auto best = std::make_shared<const CyclicCode>(workers, stragglers, 0);
  double least = best->worst().condition;
  for (std::uint64_t draw = 1; draw < codes; ++draw) {
    auto other = std::make_shared<const CyclicCode>(workers, stragglers, draw);
    const double condition = other->worst().condition;
    if (!(condition < least)) continue;
    least = condition;
    best = std::move(other);
  }
  return best;
}

}  // namespace syncline
