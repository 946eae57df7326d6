#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace syncline {

/// One value in the text format of Prometheus.
struct MetricSample {
  std::string name;
  std::vector<std::pair<std::string, std::string>> labels;
  double value = 0;

  /// Empty if it isn't there.
  [[nodiscard]] const std::string& label(std::string_view name) const;
};

/// Reads `name{label="text",...} value`, a time behind it passed over. Throws DataError.
[[nodiscard]] MetricSample read_sample(std::string_view line);

}  // namespace syncline
