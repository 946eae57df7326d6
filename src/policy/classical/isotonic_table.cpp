#include "policy/classical/isotonic_table.hpp"

#include <algorithm>
#include <cmath>

namespace syncline {
namespace {

constexpr double precision = 1e-9;
constexpr int most_sweeps = 1000;

/// Some cells of a table in the order in which they are to rise: a row, or a column from below.
struct Line {
  std::size_t first;
  std::ptrdiff_t stride;
  std::size_t count;

  [[nodiscard]] std::size_t cell(std::size_t i) const {
    return static_cast<std::size_t>(static_cast<std::ptrdiff_t>(first) +
                                    static_cast<std::ptrdiff_t>(i) * stride);
  }
};

/// Neighbours that fall where they are to rise become their weighted mean, until none are left.
void pool_violators(std::vector<double>& values, const std::vector<double>& weights,
                    const Line& line) {
  struct Pool {
    double mean, weight;
    std::size_t count;
  };
  std::vector<Pool> pools;
  for (std::size_t i = 0; i < line.count; ++i) {
    const std::size_t cell = line.cell(i);
    pools.push_back({values[cell], weights[cell], 1});
    while (pools.size() > 1 && pools[pools.size() - 2].mean > pools.back().mean) {
      const Pool last = pools.back();
      pools.pop_back();
      Pool& joined = pools.back();
      joined.mean += (last.mean - joined.mean) * last.weight / (joined.weight + last.weight);
      joined.weight += last.weight;
      joined.count += last.count;
    }
  }
  std::size_t i = 0;
  for (const Pool& pool : pools) {
    for (std::size_t end = i + pool.count; i < end; ++i) values[line.cell(i)] = pool.mean;
  }
}

/// One of Dykstra's projections: the correction of the last one is taken back first. Returns by how
/// much a cell has moved at most.
double project(std::vector<double>& values, std::vector<double>& correction,
               const std::vector<double>& weights, const std::vector<Line>& lines) {
  const std::vector<double> before = values;
  for (std::size_t i = 0; i < values.size(); ++i) values[i] += correction[i];
  correction = values;
  for (const Line& line : lines) pool_violators(values, weights, line);
  double moved = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    correction[i] -= values[i];
    moved = std::max(moved, std::abs(values[i] - before[i]));
  }
  return moved;
}

}  // namespace

std::vector<double> isotonic_table(std::vector<double> values, const std::vector<double>& weights,
                                   std::size_t columns) {
  const std::size_t rows = values.size() / columns;
  std::vector<Line> along, upwards;
  for (std::size_t row = 0; row < rows; ++row) along.push_back({row * columns, 1, columns});
  for (std::size_t column = 0; column < columns; ++column) {
    upwards.push_back({(rows - 1) * columns + column, -static_cast<std::ptrdiff_t>(columns), rows});
  }
  double scale = 0;
  for (const double value : values) scale = std::max(scale, std::abs(value));
  std::vector<double> of_rows(values.size(), 0), of_columns(values.size(), 0);
  for (int sweep = 0; sweep < most_sweeps; ++sweep) {
    const double by_rows = project(values, of_rows, weights, along);
    const double by_columns = project(values, of_columns, weights, upwards);
    if (std::max(by_rows, by_columns) <= precision * scale) break;
  }
  return values;
}

}  // namespace syncline
