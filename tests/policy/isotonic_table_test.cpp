// Isotonic regression of a table against the min-max formula: the fit at a cell is the largest,
// over the upper sets that hold it, of the least, over the lower sets that do, of the mean of their
// intersection.

#include "policy/classical/isotonic_table.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include <doctest/doctest.h>
#include <rapidcheck.h>

namespace syncline {
namespace {

struct Table {
  std::size_t rows, columns;
  std::vector<double> values, weights;

  [[nodiscard]] std::size_t cells() const { return rows * columns; }
  /// Whether the fit at a must not be above that at b: b is not lower down, nor further left.
  [[nodiscard]] bool below(std::size_t a, std::size_t b) const {
    return a / columns >= b / columns && a % columns <= b % columns;
  }
};

Table random_table() {
  Table table;
  table.rows = *rc::gen::inRange<std::size_t>(1, 4);
  table.columns = *rc::gen::inRange<std::size_t>(1, 4);
  for (std::size_t i = 0; i < table.cells(); ++i) {
    table.values.push_back(*rc::gen::inRange(-20, 21) / 4.0);
    table.weights.push_back(*rc::gen::inRange(1, 9) / 2.0);
  }
  return table;
}

/// All sets of cells that hold, with a cell, every cell above it; or below it.
std::vector<std::uint32_t> closed_sets(const Table& table, bool upper) {
  std::vector<std::uint32_t> sets;
  for (std::uint32_t set = 0; set < (1U << table.cells()); ++set) {
    bool closed = true;
    for (std::size_t a = 0; a < table.cells(); ++a) {
      for (std::size_t b = 0; b < table.cells(); ++b) {
        const bool implied = upper ? table.below(a, b) : table.below(b, a);
        if ((set >> a & 1) != 0 && implied && (set >> b & 1) == 0) closed = false;
      }
    }
    if (closed) sets.push_back(set);
  }
  return sets;
}

double mean(const Table& table, std::uint32_t set) {
  double sum = 0;
  double weight = 0;
  for (std::size_t i = 0; i < table.cells(); ++i) {
    if ((set >> i & 1) == 0) continue;
    sum += table.weights[i] * table.values[i];
    weight += table.weights[i];
  }
  return sum / weight;
}

TEST_CASE("an isotonic table, any values and weights, is the min-max of means over closed sets") {
  CHECK(rc::check("fit == brute force", [] {
    const Table table = random_table();
    const auto fit = isotonic_table(table.values, table.weights, table.columns);
    const auto upper = closed_sets(table, true);
    const auto lower = closed_sets(table, false);
    double scale = 0;
    for (const double value : table.values) scale = std::max(scale, std::abs(value));
    for (std::size_t cell = 0; cell < table.cells(); ++cell) {
      double largest = -INFINITY;
      for (const std::uint32_t u : upper) {
        if ((u >> cell & 1) == 0) continue;
        double least = INFINITY;
        for (const std::uint32_t l : lower) {
          if ((l >> cell & 1) != 0) least = std::min(least, mean(table, u & l));
        }
        largest = std::max(largest, least);
      }
      // Projections end when they move nothing by more than 1e-9; they approach geometrically.
      RC_ASSERT(std::abs(fit[cell] - largest) <= 1e-6 * scale);
    }
  }));
}

TEST_CASE("an isotonic table that is as it should be stays as it is") {
  const std::vector<double> values = {2, 3, 5, 1, 3, 4, 0, 0, 4};
  CHECK(isotonic_table(values, std::vector<double>(9, 1), 3) == values);
}

}  // namespace
}  // namespace syncline
