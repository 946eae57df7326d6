#include "race/paired.hpp"

#include <cmath>

#include <boost/math/distributions/students_t.hpp>

#include "base/summary.hpp"

namespace syncline {

std::optional<Interval> mean_interval(const std::vector<double>& values) {
  if (values.size() < 2) return std::nullopt;
  const Summary summary = summarise(values);
  const boost::math::students_t law(static_cast<double>(values.size() - 1));
  const double half = boost::math::quantile(law, 0.975) * summary.standard_error;
  return Interval{summary.mean, summary.mean - half, summary.mean + half};
}

std::optional<Interval> speed_up(const std::vector<double>& slow, const std::vector<double>& fast) {
  std::vector<double> logarithms;
  for (std::size_t i = 0; i < slow.size(); ++i) logarithms.push_back(std::log(slow[i] / fast[i]));
  const auto interval = mean_interval(logarithms);
  if (!interval) return std::nullopt;
  return Interval{std::exp(interval->mean), std::exp(interval->lower), std::exp(interval->upper)};
}

}  // namespace syncline
