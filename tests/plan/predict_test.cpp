#include "syncline/predict.hpp"

#include <cmath>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "support/temporary_folder.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

nlohmann::ordered_json predicted(const std::string& policy, const std::string& delay,
                                 std::uint32_t workers) {
  PredictConfig config;
  config.policy = policy;
  config.fleet.delay = delay;
  config.fleet.workers = workers;
  return predict(config, {});
}

TEST_CASE("predict, exponential times, is exact and has every key of the contract") {
  const auto result = predicted("k-async(k=4)", "exponential(rate=1)", 8);
  for (const char* key : {"policy", "workers", "delay", "runtime_per_update", "staleness",
                          "fresh_fraction", "p0", "idle_fraction", "cancelled_time_fraction",
                          "speedup_vs_sync", "error_bound", "optimal_time", "ageing_class",
                          "ageing_sentence", "orderings", "startup", "details", "notes"}) {
    CAPTURE(key);
    CHECK(result.contains(key));
  }
  const auto& runtime = result.at("runtime_per_update");
  for (const char* key : {"value", "kind", "source", "lower", "upper"})
    CHECK(runtime.contains(key));
  CHECK(runtime.at("kind") == "exact");
  CHECK(runtime.at("value").get<double>() == doctest::Approx(0.6345238095));
  CHECK(result.at("staleness").at("mean") == 1.0);
  CHECK(result.at("staleness").at("pmf").at(1) == 0.25);
  CHECK(result.at("fresh_fraction") == 0.5);
  CHECK(result.at("speedup_vs_sync").get<double>() == doctest::Approx(2.717857143 / 0.6345238095));
  CHECK(result.at("error_bound").is_null());
}

TEST_CASE(
    "predict, K-async of few workers, simulates what the formula gives to no better than 5 %") {
  const auto result = predicted("k-async(k=4)", "gamma(shape=2, scale=1)", 8);
  const auto& runtime = result.at("runtime_per_update");
  CHECK(runtime.at("kind") == "simulated");
  CHECK(runtime.at("lower").get<double>() <= 1.2382);
  CHECK(runtime.at("upper").get<double>() >= 1.2382);
  CHECK(runtime.at("upper").get<double>() - runtime.at("lower").get<double>() < 0.05);
  CHECK(result.at("staleness").at("pmf_kind") == "simulated");
  CHECK(result.at("details").at("staleness_mean").at("kind") == "exact");
  // Theory is sure at P = 1000, and nothing is simulated.
  CHECK(predicted("k-async(k=300)", "gamma(shape=2, scale=1)", 1000)
            .at("runtime_per_update")
            .at("kind") == "approximation");
}

TEST_CASE("predict, a fleet beyond the delay laws, simulates everything and says so") {
  PredictConfig config;
  config.policy = "async";
  config.fleet.latency = 0.5;
  config.fleet.delay = "constant(value=1)";
  const auto result = predict(config, {});
  CHECK(result.at("runtime_per_update").at("kind") == "simulated");
  CHECK(result.at("runtime_per_update").at("value").get<double>() == doctest::Approx(0.25));
  CHECK(result.at("speedup_vs_sync").get<double>() == doctest::Approx(8));
  CHECK(result.at("notes").at(0).get<std::string>().find("latency") != std::string::npos);
  // 1/P is proved for exponential times, not for these plus a latency.
  config.fleet.delay = "exponential(rate=1)";
  const auto p0 = predict(config, {}).at("details").at("p0");
  CHECK(p0.at("kind") == "bound");
  CHECK(p0.at("lower") == 0.0);
}

TEST_CASE("predict, every law and variant, keeps value and ends in order") {
  const testing::TemporaryFolder folder;
  const std::string file = folder.write("times.txt", "1 2 2 3 5");
  const std::string lists = folder.write(
      "times.json", R"({"0": [1, 2], "1": [2, 3], "2": [1, 1], "3": [2, 2], "4": [1, 4]})");
  for (const std::string& law :
       {std::string("exponential(1)"), std::string("shifted-exponential(1, 1)"),
        std::string("pareto(1, 1.5)"), std::string("weibull(0.7, 1)"), std::string("gamma(2, 1)"),
        std::string("lognormal(0, 1)"), std::string("uniform(0, 1)"), std::string("constant(1)"),
        std::string("hyperexponential(0.9, 1, 9)"), "empirical(" + file + ")",
        "service-times(" + lists + ")", std::string("pareto(1, 0.5)")}) {
    for (const char* policy : {"sync", "async", "k-sync(k=2)", "k-batch-sync(k=7)", "k-async(k=3)",
                               "k-batch-async(k=7)"}) {
      for (const std::uint32_t workers : {3U, 5U}) {
        CAPTURE(law);
        CAPTURE(policy);
        const auto result = predicted(policy, law, workers);
        CHECK(result.at("runtime_per_update").at("value").get<double>() > 0);
        for (const auto& [name, estimate] : result.at("details").items()) {
          CAPTURE(name);
          const double value = estimate.at("value");
          if (std::isnan(value)) continue;  // infinity over infinity
          CHECK(estimate.at("lower").get<double>() <= value);
          CHECK(value <= estimate.at("upper").get<double>());
        }
      }
    }
  }
}

TEST_CASE("predict, mean that rare jobs make, keeps what is proved against the simulation") {
  const auto result = predicted("k-async(k=3)", "weibull(shape=0.05, scale=1)", 4);
  // E X = 20!, and no update takes less than 3/4 of it.
  CHECK(result.at("runtime_per_update").at("value").get<double>() >= 0.749 * std::tgamma(21));
}

TEST_CASE("predict, constants, gives the bound or the reason why there is none") {
  PredictConfig config;
  config.policy = "async";
  config.batch = 1;
  config.step_size = 0.01;
  config.problem.smoothness = 1;
  config.problem.convexity = 0.1;
  config.problem.sigma2 = 1;
  config.problem.times = {0, 1e6};
  config.problem.accuracy = 0.01;
  const auto result = predict(config, {});
  const auto& bound = result.at("error_bound");
  CHECK(bound.at("holds") == true);
  CHECK(bound.at("at").at(0).at("error") == 1.0);
  CHECK(bound.at("at").at(1).at("error").get<double>() ==
        doctest::Approx(bound.at("floor").get<double>()));
  CHECK(bound.at("p0_used") == 0.125);
  // Eight alike workers of mean 1: H = 1/8 each way of counting.
  CHECK(result.at("optimal_time").at("noise_scale") == 100.0);
  config.step_size = 2;
  const auto refused = predict(config, {});
  CHECK(refused.at("error_bound").at("holds") == false);
  CHECK(refused.at("error_bound").at("reason").get<std::string>().find("largest") !=
        std::string::npos);
}

TEST_CASE("predict, policies off the line or impossible, are refused") {
  CHECK_THROWS_AS(static_cast<void>(predicted("k-sync(k=2, rest=finish)", "exponential(1)", 4)),
                  ConfigError);
  CHECK_THROWS_AS(static_cast<void>(predicted("adasync(k-async, 2, 1)", "exponential(1)", 4)),
                  ConfigError);
  CHECK_THROWS_AS(static_cast<void>(predicted("k-sync(k=5)", "exponential(1)", 4)), ConfigError);
}

}  // namespace
}  // namespace syncline
