#include "trace/run_result.hpp"

#include <algorithm>
#include <array>

#include "syncline/error.hpp"

namespace syncline {

double metric_value(const Metrics& metrics, const std::string& metric) {
  if (metric == "test_error") return metrics.test_error;
  if (metric == "test_loss") return metrics.test_loss;
  if (metric == "train_loss") return metrics.train_loss;
  if (metric == "train_error") return metrics.train_error;
  throw ConfigError("stop.metric must be test_error, test_loss, train_loss or train_error, not '" +
                    metric + "'");
}

std::optional<double> time_to_target(std::span<const EvaluationPoint> points,
                                     const std::string& metric, double target) {
  constexpr std::size_t window = 5;
  for (std::size_t last = window; last <= points.size(); ++last) {
    std::array<double, window> values{};
    for (std::size_t i = 0; i < window; ++i) {
      values[i] = metric_value(points[last - window + i].metrics, metric);
    }
    // Counting needs no order, so that a NaN is simply not at the target.
    const auto reached =
        std::count_if(values.begin(), values.end(), [&](double value) { return value <= target; });
    if (reached > static_cast<std::ptrdiff_t>(window / 2)) {
      return points[last - 1 - window / 2].time;
    }
  }
  return std::nullopt;
}

}  // namespace syncline
