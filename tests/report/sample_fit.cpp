#include "report/sample_fit.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

namespace syncline::test {
namespace {

using Json = nlohmann::ordered_json;

constexpr int jobs_of_each = 120;
constexpr double slow = 3;
constexpr int most_points = 100;

std::string text(double value) {
  char digits[32];
  std::snprintf(digits, sizeof digits, "%.5g", value);
  return digits;
}

Json law(const std::string& name, std::vector<std::pair<const char*, double>> parameters,
         double bic, double ks, int jobs) {
  std::string written = name + "(";
  Json intervals = Json::object();
  for (const auto& [key, value] : parameters) {
    written += (intervals.empty() ? "" : ", ") + std::string(key) + "=" + text(value);
    const double half = 2 * value / std::sqrt(jobs);
    intervals[key] = {{"value", value}, {"lower", value - half}, {"upper", value + half}};
  }
  return {{"law", written + ")"},
          {"log_likelihood", -bic / 2},
          {"aic", bic - 4},
          {"bic", bic},
          {"ks", ks},
          {"parameters", intervals}};
}

/// Laws, quantiles and survival of jobs without censored ones: the k-th of n has survival 1 - k/n.
Json group(std::vector<double> jobs) {
  std::sort(jobs.begin(), jobs.end());
  const int count = static_cast<int>(jobs.size());
  double mean = 0;
  double squares = 0;
  for (const double job : jobs) mean += job / count;
  for (const double job : jobs) squares += (job - mean) * (job - mean) / count;
  const double shift = jobs.front();
  const double scale = mean - shift;
  Json qq = Json::array();
  Json survival = Json::array();
  const int points = std::min(most_points, count);
  for (int i = 0; i < points; ++i) {
    const double p = (i + 0.5) / points;
    const double job = jobs[static_cast<std::size_t>(p * count)];
    qq.push_back({shift - scale * std::log1p(-p), job});
    survival.push_back({job, 1 - p});
  }
  const double shape = mean * mean / squares;
  return {
      {"jobs", count},
      {"censored", count / 10},
      {"mean", mean},
      {"median", jobs[jobs.size() / 2]},
      {"refusal", nullptr},
      {"laws",
       {law("shifted-exponential", {{"shift", shift}, {"rate", 1 / scale}}, 812.5, 0.031, count),
        law("gamma", {{"shape", shape}, {"scale", mean / shape}}, 829.1, 0.058, count),
        law("exponential", {{"rate", 1 / mean}}, 871.3, 0.21, count)}},
      {"qq", qq},
      {"survival", survival}};
}

}  // namespace

Json sample_fit(int workers) {
  std::mt19937 random(7);
  std::exponential_distribution<> tail(1);
  std::vector<double> all;
  std::vector<double> fast;
  Json list = Json::array();
  Json fast_workers = Json::array();
  Json last;
  for (int worker = 0; worker < workers; ++worker) {
    const bool straggler = worker == workers - 1;
    std::vector<double> jobs;
    for (int i = 0; i < jobs_of_each; ++i) {
      jobs.push_back((straggler ? slow : 1) * (0.4 + 0.6 * tail(random)));
    }
    all.insert(all.end(), jobs.begin(), jobs.end());
    if (!straggler) fast.insert(fast.end(), jobs.begin(), jobs.end());
    if (!straggler) fast_workers.push_back(worker);
    last = group(jobs);
    list.push_back({{"worker", worker},
                    {"slowdown", last.at("median").get<double>() / 0.82},
                    {"straggler", straggler},
                    {"behaviour", straggler ? "persistently slow" : "steady"},
                    {"drift", {{"p_value", 0.4}, {"factor", 1.02}}},
                    {"burst_p_value", 0.6},
                    {"fit", last}});
  }
  const Json fast_fit = group(fast);
  const Json fast_law = fast_fit.at("laws")[0].at("law");
  const Json slow_law = last.at("laws")[0].at("law");
  return {{"kind", "fit"},
          {"schema", 1},
          {"profile", std::to_string(workers - 1) + "*" + fast_law.get<std::string>() + ",1*" +
                          slow_law.get<std::string>()},
          {"alike", false},
          {"alike_p_value", 2e-16},
          {"findings",
           {"The workers differ (p = 2e-16): 2 groups, each with a law of its own.",
            "Worker " + std::to_string(workers - 1) +
                " is a straggler: persistently slow, 3.02 times the fleet's median."}},
          {"warnings", {"the log ends in the middle of a record; what is before it was read"}},
          {"pooled", group(all)},
          {"groups",
           {{{"workers", fast_workers}, {"law", fast_law}, {"fit", fast_fit}},
            {{"workers", {workers - 1}}, {"law", slow_law}, {"fit", last}}}},
          {"tail", {{"value", 3.1}, {"lower", 2.2}, {"upper", 4.4}, {"longest", 38}}},
          {"slow_states", nullptr},
          {"workers", list}};
}

}  // namespace syncline::test
