#pragma once

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

// As much of linear algebra as a code of a few hundred workers needs.
namespace syncline {

inline double dot(const std::vector<double>& a, const std::vector<double>& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

/// A solution x of system x = right, by elimination with complete pivoting; where it leaves some x
/// open, these are 0. Empty if there is no equation. REQUIRES: equations of one length, at least as
/// long as they are many, and independent; else the result holds infinities or NaN.
inline std::vector<double> solve(std::vector<std::vector<double>> system,
                                 std::vector<double> right) {
  if (system.empty()) return {};
  const std::size_t rows = system.size();
  const std::size_t columns = system.front().size();
  std::vector<std::size_t> order(columns);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t k = 0; k < rows; ++k) {
    std::size_t row = k;
    std::size_t column = k;
    for (std::size_t i = k; i < rows; ++i) {
      for (std::size_t j = k; j < columns; ++j) {
        if (std::abs(system[i][j]) > std::abs(system[row][column])) row = i, column = j;
      }
    }
    std::swap(system[k], system[row]);
    std::swap(right[k], right[row]);
    std::swap(order[k], order[column]);
    for (auto& equation : system) std::swap(equation[k], equation[column]);
    for (std::size_t i = k + 1; i < rows; ++i) {
      const double factor = system[i][k] / system[k][k];
      for (std::size_t j = k; j < columns; ++j) system[i][j] -= factor * system[k][j];
      right[i] -= factor * right[k];
    }
  }
  std::vector<double> x(columns, 0.0);
  for (std::size_t k = rows; k-- > 0;) {
    double rest = right[k];
    for (std::size_t j = k + 1; j < rows; ++j) rest -= system[k][j] * x[order[j]];
    x[order[k]] = rest / system[k][k];
  }
  return x;
}

/// Vectors of length 1 at right angles to each other, taken from candidates one by one.
class OrthonormalBasis {
 public:
  /// The candidates from now on.
  void offer(std::vector<std::vector<double>> candidates) {
    left_ = std::move(candidates);
    for (auto& candidate : left_) {
      for (const auto& direction : vectors_) remove(direction, candidate);
    }
  }

  /// Of the candidates the one that is farthest from the span of what is there gives the next
  /// vector; returns its place among them. REQUIRES: a candidate outside that span.
  std::size_t take_farthest() {
    std::size_t taken = 0;
    for (std::size_t i = 1; i < left_.size(); ++i) {
      if (dot(left_[i], left_[i]) > dot(left_[taken], left_[taken])) taken = i;
    }
    std::vector<double> next = left_[taken];
    // Once more, for what rounding left.
    for (const auto& direction : vectors_) remove(direction, next);
    const double norm = std::sqrt(dot(next, next));
    for (double& x : next) x /= norm;
    for (auto& candidate : left_) remove(next, candidate);
    vectors_.push_back(std::move(next));
    return taken;
  }

  [[nodiscard]] const std::vector<std::vector<double>>& vectors() const { return vectors_; }

 private:
  static void remove(const std::vector<double>& direction, std::vector<double>& vector) {
    const double along = dot(vector, direction);
    for (std::size_t i = 0; i < vector.size(); ++i) vector[i] -= along * direction[i];
  }

  std::vector<std::vector<double>> vectors_;
  std::vector<std::vector<double>> left_;  ///< candidates less what the vectors span
};

}  // namespace syncline
