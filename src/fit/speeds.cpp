#include "fit/speeds.hpp"

#include <algorithm>
#include <limits>

namespace syncline {
namespace {

/// Workers that a fleet's quantile is taken over, spread evenly: enough for a median.
constexpr std::size_t most_compared = 200;

double fleet_quantile(const std::vector<KaplanMeier>& workers, double p) {
  std::vector<double> quantiles;
  const std::size_t step = (workers.size() + most_compared - 1) / most_compared;
  for (std::size_t i = 0; i < workers.size(); i += step) {
    if (workers[i].reach() > 0 && workers[i].reach() >= p)
      quantiles.push_back(workers[i].quantile(p));
  }
  if (quantiles.empty()) return 0;
  const auto middle = quantiles.begin() + static_cast<std::ptrdiff_t>((quantiles.size() - 1) / 2);
  std::nth_element(quantiles.begin(), middle, quantiles.end());
  return *middle;
}

}  // namespace

std::vector<double> slowdowns(const std::vector<KaplanMeier>& workers) {
  std::vector<double> reaches;
  for (const auto& worker : workers) {
    if (worker.reach() > 0) reaches.push_back(worker.reach());
  }
  double common = 0;
  if (!reaches.empty()) {
    const auto middle = reaches.begin() + static_cast<std::ptrdiff_t>(reaches.size() / 2);
    std::nth_element(reaches.begin(), middle, reaches.end());
    common = std::min(0.5, *middle);
  }
  std::vector<double> result;
  const double at_common = common > 0 ? fleet_quantile(workers, common) : 0;
  for (const auto& worker : workers) {
    if (worker.reach() <= 0) {
      result.push_back(std::numeric_limits<double>::infinity());
      continue;
    }
    const double p = std::min(common, worker.reach());
    const double fleet = p < common || at_common == 0 ? fleet_quantile(workers, p) : at_common;
    result.push_back(fleet > 0 ? worker.quantile(p) / fleet : 1);
  }
  return result;
}

}  // namespace syncline
