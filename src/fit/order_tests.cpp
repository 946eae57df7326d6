#include "fit/order_tests.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace syncline {
namespace {

constexpr std::size_t fewest = 20;
constexpr std::size_t fewest_complete = 8;
constexpr double fading = 0.8;  // remembers about five jobs
constexpr double burst_level = 0.01;
constexpr std::size_t most_lags = 50;

std::vector<double> residuals(std::span<const Timing> jobs) {
  std::vector<std::size_t> order(jobs.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if (jobs[a].seconds != jobs[b].seconds) return jobs[a].seconds < jobs[b].seconds;
    return !jobs[a].censored && jobs[b].censored;
  });
  std::vector<double> result(jobs.size());
  double hazard = 0;
  for (std::size_t i = 0; i < order.size();) {
    std::size_t end = i;
    const Timing& job = jobs[order[i]];
    while (end < order.size() && jobs[order[end]].seconds == job.seconds &&
           jobs[order[end]].censored == job.censored) {
      ++end;
    }
    if (!job.censored) {
      hazard += static_cast<double>(end - i) / static_cast<double>(order.size() - i);
    }
    for (; i < end; ++i) result[order[i]] = (job.censored ? 0 : 1) - hazard;
  }
  return result;
}

/// Seconds per complete job in a part of the jobs.
double pace(std::span<const Timing> jobs) {
  double exposure = 0;
  double events = 0;
  for (const Timing& job : jobs) {
    exposure += job.seconds;
    events += job.censored ? 0 : 1;
  }
  return exposure / std::max(events, 0.5);
}

/// Takes mean and straight trend out, so that a drift is no burst.
void straighten(std::vector<double>& values) {
  const auto n = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double slope = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    slope += (static_cast<double>(i) - (n - 1) / 2) * values[i];
  }
  slope *= 12 / (n * (n * n - 1));
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] -= mean + slope * (static_cast<double>(i) - (n - 1) / 2);
  }
}

struct Products {
  double sum = 0;          ///< of each value times the fading sum of those before
  double square = 0;       ///< of the values
  double past_square = 0;  ///< of the fading sums
};

Products fading_products(const std::vector<double>& values) {
  Products products;
  double past = 0;
  for (const double value : values) {
    products.sum += value * past;
    products.square += value * value;
    products.past_square += past * past;
    past = fading * past + value;
  }
  return products;
}

/// What straightening n independent values of variance 1 takes from Products::sum in the mean: the
/// same sum over the matrix that projects on constants and straight lines.
double straightening_bias(std::size_t n) {
  const auto count = static_cast<double>(n);
  double ones = 0;
  double places = 0;
  double bias = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double place = static_cast<double>(i) - (count - 1) / 2;
    bias += ones / count + 12 * place * places / (count * (count * count - 1));
    ones = fading * ones + 1;
    places = fading * places + place;
  }
  return bias;
}

/// The long-run variance over that of one (Newey and West, Econometrica 55, 1987).
double long_run_inflation(const std::vector<double>& values) {
  double square = 0;
  for (const double value : values) square += value * value;
  if (square == 0) return 1;
  const std::size_t lags = std::min(most_lags, values.size() / 5);
  double sum = 1;
  for (std::size_t lag = 1; lag <= lags; ++lag) {
    double product = 0;
    for (std::size_t i = lag; i < values.size(); ++i) product += values[i] * values[i - lag];
    sum += 2 * (1 - static_cast<double>(lag) / static_cast<double>(lags + 1)) * product / square;
  }
  return std::max(1.0, sum);
}

}  // namespace

double upper_tail(double z) { return 0.5 * std::erfc(z / std::numbers::sqrt2); }

OrderTests test_order(std::span<const Timing> jobs) {
  OrderTests tests;
  const std::size_t n = jobs.size();
  const auto complete = static_cast<std::size_t>(
      std::count_if(jobs.begin(), jobs.end(), [](const Timing& job) { return !job.censored; }));
  if (n < fewest || complete < fewest_complete) return tests;
  const std::vector<double> raw = residuals(jobs);
  std::vector<double> values = raw;
  straighten(values);
  const Products products = fading_products(values);
  const double variance_of_one = products.square / static_cast<double>(n);
  tests.burst_score = products.sum + variance_of_one * straightening_bias(n);
  tests.burst_variance = variance_of_one * products.past_square;
  if (tests.burst_variance > 0) {
    tests.burst_p_value = upper_tail(tests.burst_score / std::sqrt(tests.burst_variance));
  }
  if (tests.burst_p_value < burst_level) tests.inflation = long_run_inflation(values);

  double score = 0;
  double variance = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double place = static_cast<double>(i) - static_cast<double>(n - 1) / 2;
    score += place * raw[i];
    variance += place * place * raw[i] * raw[i];
  }
  if (variance > 0) {
    // In bursts the residuals are not independent: a long slow spell is no drift.
    const double z = score / std::sqrt(variance * tests.inflation);
    tests.drift.p_value = 2 * upper_tail(std::fabs(z));
  }
  tests.drift.factor = pace(jobs.last(n / 4)) / pace(jobs.first(n / 4));
  return tests;
}

}  // namespace syncline
