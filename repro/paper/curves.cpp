#include "curves.hpp"

#include <algorithm>
#include <cmath>

#include "base/summary.hpp"
#include "syncline/error.hpp"
#include "trace/run_result.hpp"

namespace syncline::repro {
namespace {

double number(const Json& value) { return value.is_null() ? std::nan("") : value.get<double>(); }

}  // namespace

std::vector<const Json*> seeds_of(const Results& results, const std::string& prefix) {
  std::vector<const Json*> runs;
  for (std::size_t seed = 1; seed <= results.runs.size(); ++seed) {
    const auto found = results.runs.find(prefix + "-seed-" + std::to_string(seed));
    if (found != results.runs.end()) runs.push_back(&found->second);
  }
  return runs;
}

std::vector<Point> mean_curve(const std::vector<const Json*>& runs, const char* x, const char* y,
                              double (*of)(double)) {
  if (runs.empty()) return {};
  std::size_t length = runs.front()->at("curve").at(x).size();
  for (const Json* run : runs) length = std::min(length, run->at("curve").at(x).size());
  std::vector<Point> points;
  for (std::size_t i = 0; i < length; ++i) {
    const auto column = [&](const char* name, double (*function)(double)) {
      return summarise(each(runs, [&](const Json& run) {
        const double plain = number(run.at("curve").at(name)[i]);
        return function != nullptr ? function(plain) : plain;
      }));
    };
    const Summary value = column(y, of);
    points.push_back({column(x, nullptr).mean, value.mean, value.mean - value.standard_error,
                      value.mean + value.standard_error});
  }
  return points;
}

std::vector<Point> mean_k(const std::vector<const Json*>& runs, double k0, double until,
                          std::size_t points) {
  std::vector<Point> curve;
  for (std::size_t i = 0; i <= points; ++i) {
    const double time = until * static_cast<double>(i) / static_cast<double>(points);
    const Summary k = summarise(each(runs, [&](const Json& run) {
      double now = k0;
      for (const Json& change : run.at("k")) {
        if (change[0].get<double>() <= time) now = change[1].get<double>();
      }
      return now;
    }));
    curve.push_back({time, k.mean, k.mean - k.standard_error, k.mean + k.standard_error});
  }
  return curve;
}

double mean_over_time(const Json& record, const char* metric, double until) {
  const Json& times = record.at("curve").at("time");
  const Json& values = record.at("curve").at(metric);
  double area = 0, last = 0;
  for (std::size_t i = 1; i < times.size(); ++i) {
    const double begin = number(times[i - 1]), end = number(times[i]);
    if (end > until * (1 + 1e-9)) break;
    area += (end - begin) * (number(values[i - 1]) + number(values[i])) / 2;
    last = end;
  }
  return last > 0 ? area / last : std::nan("");
}

double last_value(const Json& record, const char* column, double until) {
  const Json& times = record.at("curve").at("time");
  double value = std::nan("");
  for (std::size_t i = 0; i < times.size() && number(times[i]) <= until * (1 + 1e-9); ++i) {
    value = number(record.at("curve").at(column)[i]);
  }
  return value;
}

std::optional<double> time_to(const Json& record, const char* metric, double target) {
  const Json& curve = record.at("curve");
  std::vector<EvaluationPoint> points;
  for (std::size_t i = 0; i < curve.at("time").size(); ++i) {
    EvaluationPoint point;
    point.time = number(curve.at("time")[i]);
    point.metrics = {number(curve.at("test_error")[i]), number(curve.at("test_loss")[i]),
                     number(curve.at("train_loss")[i]), number(curve.at("train_error")[i])};
    points.push_back(point);
  }
  return time_to_target(points, metric, target);
}

std::optional<Interval> difference(const std::vector<double>& a, const std::vector<double>& b) {
  if (a.size() != b.size()) throw InternalError("a difference of results of other seeds");
  std::vector<double> differences;
  for (std::size_t i = 0; i < a.size(); ++i) differences.push_back(a[i] - b[i]);
  return mean_interval(differences);
}

}  // namespace syncline::repro
