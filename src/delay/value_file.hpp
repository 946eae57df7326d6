#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace syncline {

/// Durations from a file of people's own measurements: text (numbers parted by white space or
/// commas; '#' starts a comment that ends with its line) or a JSON list. At least one, all positive
/// and finite. Throws DataError with the path and the line (JSON: the place in the list).
[[nodiscard]] std::vector<double> read_values(const std::string& path);

/// Durations by worker from a JSON object, `{"0": [0.875, 2.375], "1": [1.5]}`. Lists may be empty
/// and of different lengths; at least one value altogether. Throws DataError with the path, the
/// worker and the place in its list.
[[nodiscard]] std::unordered_map<std::uint32_t, std::vector<double>> read_service_times(
    const std::string& path);

}  // namespace syncline
