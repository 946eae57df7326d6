#include "syncline/optimal_time.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "syncline/error.hpp"

namespace syncline {
namespace {

/// Ascending; checked.
void prepare(std::vector<double>& times, double noise) {
  if (times.empty()) throw ConfigError("optimal time: no worker's time is given");
  for (const double time : times) {
    if (!(time > 0)) {
      throw ConfigError("optimal time: a worker's time must be above 0, not " +
                        std::to_string(time));
    }
  }
  if (!(noise > 0) || !std::isfinite(noise)) {
    throw ConfigError("optimal time: the noise scale must be above 0, not " +
                      std::to_string(noise));
  }
  std::sort(times.begin(), times.end());
}

template <class TimeOfFirst>
OptimalTime least(std::size_t workers, double noise, TimeOfFirst&& time_of_first) {
  OptimalTime best;
  for (std::size_t m = 1; m <= workers; ++m) {
    const double time = time_of_first(m) * (1 + noise / static_cast<double>(m));
    if (m == 1 || time < best.time) best = {m, time};
  }
  return best;
}

}  // namespace

double noise_scale(double sigma2, double eps) {
  if (!(sigma2 >= 0) || !(eps > 0)) {
    throw ConfigError("the noise scale needs a variance of 0 or more and an accuracy above 0");
  }
  return std::max(1.0, sigma2 / eps);
}

OptimalTime optimal_time(std::vector<double> times, double noise) {
  prepare(times, noise);
  double rate = 0;
  return least(times.size(), noise, [&](std::size_t m) {
    rate += 1 / times[m - 1];
    return static_cast<double>(m) / rate;
  });
}

OptimalTime best_sync_time(std::vector<double> times, double noise) {
  prepare(times, noise);
  return least(times.size(), noise, [&](std::size_t m) { return times[m - 1]; });
}

}  // namespace syncline
