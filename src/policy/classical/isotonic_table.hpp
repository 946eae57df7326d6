#pragma once

#include <cstddef>
#include <vector>

namespace syncline {

/// The table nearest to `values` (row by row), by least squares with these weights, that rises
/// along each row and falls down each column, both weakly. By Dykstra's alternating projections on
/// rows and columns, each a pooling of adjacent violators; it ends when a sweep moves nothing by
/// more than 1e-9 of the largest value. REQUIRES: weights > 0, as many as values; columns divides
/// both.
[[nodiscard]] std::vector<double> isotonic_table(std::vector<double> values,
                                                 const std::vector<double>& weights,
                                                 std::size_t columns);

}  // namespace syncline
