#include <algorithm>
#include <cmath>

#include "picture.hpp"
#include "record.hpp"
#include "studies.hpp"
#include "syncline/simulate.hpp"
#include "syncline/theory.hpp"
#include "words.hpp"

namespace syncline::repro {
namespace {

constexpr std::uint32_t most_workers = 20;

struct Law {
  const char* text;
  const char* name;
  int color;
  int simulated;  ///< colour
  bool finite_variance;
};

constexpr Law laws[] = {{"exponential(rate=1)", "exp(1)", 1, 4, true},
                        {"shifted-exponential(shift=1, rate=1)", "1 + exp(1)", 0, 5, true},
                        {"pareto(scale=1, shape=2)", "Pareto(2, 1)", 3, 3, false}};

double sync_time(const DelayProfile& fleet) {
  return runtime_per_update({VariantFamily::k_sync, fleet.workers()}, fleet).value;
}

double async_time(const DelayProfile& fleet) {
  return runtime_per_update({VariantFamily::k_async, 1}, fleet).value;
}

double simulated_time(const std::string& policy, const Law& law, std::uint32_t workers,
                      std::uint64_t updates, std::uint64_t seed) {
  SimulationConfig config;
  config.policy = policy;
  config.seed = seed;
  config.updates = updates;
  config.fleet.workers = workers;
  config.fleet.delay = law.text;
  return simulate(config, Progress()).at("runtime_per_update").at("mean").get<double>();
}

Json simulated_speed_up(const Law& law, std::uint32_t workers, Scale scale) {
  const std::uint64_t seeds = scale == Scale::full ? 10 : 4;
  const std::uint64_t gradients = scale == Scale::full ? 200000 : 40000;
  std::vector<double> ratios;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const double sync = simulated_time("sync", law, workers, gradients / workers, seed);
    ratios.push_back(sync / simulated_time("async", law, workers, gradients, seed));
  }
  const Summary summary = summarise(ratios);
  return {{"workers", workers},
          {"mean", rounded(summary.mean)},
          {"stderr", rounded(summary.standard_error)}};
}

Json law_json(const Law& law, Scale scale, const Progress& progress) {
  Json json = {{"law", law.text}, {"speed_up", Json::array()}, {"simulated", Json::array()}};
  double worst = 0;
  for (std::uint32_t workers = 1; workers <= most_workers; ++workers) {
    const DelayProfile fleet = DelayProfile::parse(law.text, workers);
    json["speed_up"].push_back(rounded(sync_time(fleet) / async_time(fleet)));
    const double integral = order_statistic_mean(fleet, workers).value;
    worst = std::max(worst, std::abs(integral / sync_time(fleet) - 1));
  }
  json["closed_form_is_integral"] = worst < 1e-6;
  if (!law.finite_variance) return json;
  for (const std::uint32_t workers : {2U, 5U, 10U, 15U, 20U}) {
    progress.report("fig05-speed-up", workers / 20.0);
    if (progress.stop()) break;
    json["simulated"].push_back(simulated_speed_up(law, workers, scale));
  }
  return json;
}

Json compute(Scale scale, const Progress& progress) {
  Json json;
  json["laws"] = Json::array();
  for (const Law& law : laws) json["laws"].push_back(law_json(law, scale, progress));
  const DelayProfile weibull = DelayProfile::parse("weibull(shape=0.7, scale=1)", 8);
  json["weibull"] = {
      {"async", rounded(async_time(weibull))},
      {"k_sync_1", rounded(runtime_per_update({VariantFamily::k_sync, 1}, weibull).value)}};
  return json;
}

double at(const Results& results, std::size_t law, std::uint32_t workers) {
  return results.computed.at("laws").at(law).at("speed_up").at(workers - 1).get<double>();
}

double harmonic(std::uint32_t n) {
  double sum = 0;
  for (std::uint32_t i = n; i >= 1; --i) sum += 1.0 / i;
  return sum;
}

double p_log_p(std::uint32_t workers) { return workers * std::log(workers); }

/// The simulated ratio's distance from theory, in standard errors.
double distance(const Results& results, std::size_t law, const Json& simulated) {
  const double theory = at(results, law, simulated.at("workers").get<std::uint32_t>());
  return (simulated.at("mean").get<double>() - theory) / simulated.at("stderr").get<double>();
}

Picture draw(const Results& results) {
  std::vector<Series> series;
  for (std::size_t law = 0; law < std::size(laws); ++law) {
    Series theory{laws[law].name, laws[law].color, {}};
    for (std::uint32_t p = 1; p <= most_workers; ++p) {
      theory.points.push_back({double(p), at(results, law, p)});
    }
    series.push_back(std::move(theory));
    Series measured{std::string(laws[law].name) + ", simulated", laws[law].simulated, {}, "dots"};
    for (const Json& point : results.computed.at("laws").at(law).at("simulated")) {
      const double mean = point.at("mean"), error = point.at("stderr");
      measured.points.push_back({point.at("workers"), mean, mean - 2 * error, mean + 2 * error});
    }
    if (!measured.points.empty()) series.push_back(std::move(measured));
  }
  Series approximation{"P log P", 7, {}, "line", true};
  for (std::uint32_t p = 2; p <= most_workers; ++p) {
    approximation.points.push_back({double(p), p_log_p(p)});
  }
  series.push_back(std::move(approximation));
  return picture("fig05-speed-up", "How many times faster an update of async is than one of sync",
                 "Speed-up per update against the number of workers, 1 to 20, on a logarithmic "
                 "axis, for three delay laws; all grow faster than the number of workers.",
                 1,
                 {curves_panel("", {.label = "workers P"},
                               {.label = "E T(sync) / E T(async)", .log = true}, series)});
}

std::vector<std::vector<std::string>> rows(const Results& results) {
  std::vector<std::vector<std::string>> table;
  for (const std::uint32_t p : {1U, 2U, 4U, 8U, 12U, 16U, 20U}) {
    std::vector<std::string> row = {std::to_string(p)};
    for (std::size_t law = 0; law < std::size(laws); ++law) {
      row.push_back(number(at(results, law, p)));
      row.push_back(number(at(results, law, p) / p, 3));
    }
    row.push_back(number(p_log_p(p)));
    table.push_back(std::move(row));
  }
  return table;
}

Claim paper_values(const Results& results) {
  constexpr double printed[] = {71.96, 45.98, 79.76};
  Claim claim{
      "At P = 20 an update of async is 71.96, 45.98 and 79.76 times as fast as one of "
      "sync, for exp(1), 1 + exp(1) and Pareto(2, 1)",
      "paper", true, ""};
  for (std::size_t law = 0; law < std::size(laws); ++law) {
    const double value = at(results, law, 20);
    claim.holds = claim.holds && std::abs(value - printed[law]) < 0.01;
    claim.evidence += (law == 0 ? "" : ", ") + number(value);
  }
  return claim;
}

Claim simulation_agrees(const Results& results) {
  Claim claim{"The simulator, which knows none of the formulas, gives the same", "here", false, ""};
  double worst = 0;
  int points = 0;
  for (std::size_t law = 0; law < std::size(laws); ++law) {
    for (const Json& point : results.computed.at("laws").at(law).at("simulated")) {
      worst = std::max(worst, std::abs(distance(results, law, point)));
      ++points;
    }
  }
  claim.holds = points == 10 && worst < 4;
  claim.evidence = std::to_string(points) + " points, the farthest " + number(worst, 2) +
                   " standard errors away";
  return claim;
}

std::vector<Claim> claims(const Results& results) {
  std::vector<Claim> all = {paper_values(results)};
  double error = 0;
  for (std::uint32_t p = 1; p <= most_workers; ++p) {
    error = std::max(error, std::abs(at(results, 0, p) / (p * harmonic(p)) - 1));
  }
  all.push_back({"For exponential times the speed-up is P H_P, H_P = 1 + 1/2 + ... + 1/P", "theory",
                 error < 1e-5, "P = 1 to 20: equal to six digits"});
  const Json& last = results.computed.at("laws").at(0).at("simulated").back();
  const double simulated = last.at("mean"), margin = last.at("stderr");
  const double low = 1 - p_log_p(20) / at(results, 0, 20);
  all.push_back({"For exponential times it is about P log P (Corollary 1), at P = 20 within 10 %",
                 "paper", low < 0.1,
                 "P = 20: P log P = " + number(p_log_p(20)) + ", " + percent(low) +
                     " below P H_P = " + number(at(results, 0, 20)) + "; simulated " +
                     with_error({simulated, margin, 2}),
                 false});
  all.push_back(simulation_agrees(results));
  const double gains[] = {at(results, 0, 20) / 20, at(results, 1, 20) / 20,
                          at(results, 2, 20) / 20};
  all.push_back(
      {"Counted by gradients instead of updates, async gains only E X(P:P) / E X: H_P for "
       "exponential times",
       "here", std::abs(gains[0] - harmonic(20)) < 1e-4,
       "P = 20: " + number(gains[0], 3) + ", " + number(gains[1], 3) + ", " + number(gains[2], 3) +
           " times"});
  const double async = results.computed.at("weibull").at("async");
  const double first = results.computed.at("weibull").at("k_sync_1");
  all.push_back({"Async does not have the shortest update under every law: K-sync can be shorter",
                 "here", first < async,
                 "Weibull times of shape 0.7, P = 8: async " + number(async) +
                     ", K-sync with K = 1 " + number(first)});
  return all;
}

Chapter chapter(const Results& results) {
  Section figure;
  figure.pictures = {draw(results)};
  figure.text =
      "Lines are theory: P E X(P:P) / E X (Theorem 1). Dots are simulated, with two standard "
      "errors, mostly smaller than the dot. The table's \"by gradient\" is the gain that is left "
      "when a sync update, which uses P mini-batches, counts P times one of async.";
  figure.columns = {"P",           "exp(1)",       "by gradient", "1 + exp(1)",
                    "by gradient", "Pareto(2, 1)", "by gradient", "P log P"};
  figure.rows = rows(results);
  Section limits;
  limits.heading = "What to keep in mind";
  limits.text =
      "- **Pareto(2, 1) is not simulated.** Its variance is infinite, and so is that of the "
      "slowest of P: means of runs settle so slowly that their standard errors mean nothing. Its "
      "line is the closed form, which quadrature of the survival function confirms.\n"
      "- **The formula is of the long run.** The first updates of async take longer, since all "
      "workers start together: [Figure 6](fig06-runtime.md).\n"
      "- **It compares async with full sync only.** For times that get worse the longer one waits "
      "(Weibull of shape below 1) it pays to cancel, and K-sync with a small K has the shorter "
      "update, without staleness.\n"
      "- **A short update is not a good update.** Gradients of async are P - 1 versions old on "
      "average; the pages on training show what that costs.";
  return {{figure, limits}, claims(results)};
}

}  // namespace

Study fig05_speed_up() {
  return {
      .id = "fig05-speed-up",
      .title = "Figure 5: speed-up of async over sync",
      .original =
          "The paper's Figure 5 shows E T(sync) / E T(async), the ratio of the mean times "
          "per update, against P = 1 to 20 workers on a logarithmic axis. Three delay laws: "
          "exp(1), 1 + exp(1) and Pareto of shape 2 and scale 1.",
      .settings =
          "The same laws and numbers of workers, from the formulas of "
          "[theory.md](../theory.md). Beside them simulated runs for P = 2, 5, 10, 15, 20 where "
          "the variance is finite: 200,000 gradients for each of sync and async, start-up left "
          "out.",
      .seeds = "1 to 10 (simulated points); none for the lines",
      .analytic = true,
      .compute = compute,
      .chapter = chapter};
}

}  // namespace syncline::repro
