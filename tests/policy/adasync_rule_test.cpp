// The rules of AdaSync as functions: paper.md section 5 and the figures of the reference table.

#include <cmath>
#include <numeric>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck.h>

#include "policy/k_variants/adasync.hpp"
#include "support/reference.hpp"

namespace syncline {
namespace {

using adasync::general_rule;
using adasync::quadratic_rule;
using adasync::square_root_rule;

double log_uniform(double low, double high) {
  return low * std::pow(high / low, *rc::gen::inRange(0, 1000001) / 1e6);
}

/// E[T(K)] of K-sync with exponential times: (H_P - H_{P-K}) / mu.
std::vector<double> exponential_runtimes(std::size_t workers, double mu) {
  std::vector<double> runtimes;
  double sum = 0;
  for (std::size_t k = 1; k <= workers; ++k) {
    sum += 1 / (mu * static_cast<double>(workers - k + 1));
    runtimes.push_back(sum);
  }
  return runtimes;
}

TEST_CASE("quadratic and square-root rule, every row of the reference figures, agree") {
  const auto rows = testing::reference("values.json").at("figures").at("adasync_rule_P8");
  REQUIRE(rows.size() == 24);
  for (const auto& row : rows) {
    CAPTURE(row.dump());
    const double k0 = row.at("K0");
    const double ratio = row.at("loss_ratio");
    CHECK(std::abs(quadratic_rule(k0, ratio, row.at("P")) - row.at("quadratic").get<double>()) <=
          1e-4);
    CHECK(std::abs(square_root_rule(k0, ratio) - row.at("sqrt").get<double>()) <= 1e-4);
  }
}

TEST_CASE("quadratic rule, over loss ratios from 1 on, stays below P and the square root") {
  CHECK(rc::check("k0 <= quadratic < P, quadratic <= square root, equation solved", [] {
    const auto workers = static_cast<double>(*rc::gen::inRange(2, 2000));
    const double k0 = *rc::gen::inRange(1, static_cast<int>(workers));
    const double ratio = log_uniform(1, 1e6);
    const double k = quadratic_rule(k0, ratio, workers);
    RC_ASSERT(k < workers);
    RC_ASSERT(k >= k0 * (1 - 1e-12));
    RC_ASSERT(k <= square_root_rule(k0, ratio) * (1 + 1e-12));
    // K^2 / (P - K) = r K_0^2 / (P - K_0), multiplied out: P - K cancels too much near P.
    const double right = ratio * k0 * k0 * (workers - k);
    RC_ASSERT(std::abs(k * k * (workers - k0) - right) <= 1e-9 * k * k * workers);
  }));
}

TEST_CASE("quadratic rule, K_0 = P, stays at P whatever the loss does") {
  for (const double ratio : {0.01, 1.0, 2.0, 1e9}) {
    CHECK(quadratic_rule(8, ratio, 8) == 8);
    CHECK(quadratic_rule(1, ratio, 1) == 1);
  }
}

TEST_CASE("rules, rounded, reach P = 8 from K_0 = 2 at the loss ratios of the paper notes") {
  CHECK(std::round(quadratic_rule(2, 168, 8)) == 7);
  CHECK(std::round(quadratic_rule(2, 169, 8)) == 8);
  CHECK(std::round(square_root_rule(2, 14)) == 7);
  CHECK(std::round(square_root_rule(2, 14.07)) == 8);
}

TEST_CASE("general rule, any runtimes, minimises the error bound with all its constants") {
  CHECK(rc::check("no K has a smaller bound", [] {
    const auto k_max = *rc::gen::inRange<std::size_t>(2, 60);
    std::vector<double> runtimes;
    double sum = log_uniform(0.1, 10);
    for (std::size_t k = 0; k < k_max; ++k) runtimes.push_back(sum += log_uniform(1e-3, 10));
    const auto k0 = *rc::gen::inRange<std::size_t>(1, k_max + 1);
    const double ratio = log_uniform(0.1, 1e4);

    // u(K) = 2 F T(K) / (t eta gamma') + L eta sigma^2 / (K m gamma'), where the unknown
    // L eta^2 sigma^2 t / m is such that K_0 is stationary at F_0.
    const double loss0 = log_uniform(0.1, 10);
    const double interval_eta = log_uniform(1e-3, 10);
    const double gamma = log_uniform(0.1, 2);
    const std::size_t low = std::max<std::size_t>(k0, 2) - 1;
    const std::size_t high = std::min(k0 + 1, k_max);
    const double slope = (runtimes[high - 1] - runtimes[low - 1]) / static_cast<double>(high - low);
    const auto k0_real = static_cast<double>(k0);
    const double noise = 2 * loss0 * k0_real * k0_real * slope / (interval_eta * gamma);
    const auto bound = [&](std::size_t k) {
      return 2 * (loss0 / ratio) * runtimes[k - 1] / (interval_eta * gamma) +
             noise / static_cast<double>(k);
    };
    const auto chosen = static_cast<std::size_t>(general_rule(k0_real, ratio, runtimes));
    RC_ASSERT(chosen >= 1);
    RC_ASSERT(chosen <= k_max);
    for (std::size_t k = 1; k <= k_max; ++k) {
      RC_ASSERT(bound(chosen) <= bound(k) * (1 + 1e-12));
    }
  }));
}

TEST_CASE("general rule, exponential runtimes of many workers, is the quadratic rule rounded") {
  CHECK(rc::check("within rounding", [] {
    const auto workers = *rc::gen::inRange<std::size_t>(200, 2000);
    const double k0 = *rc::gen::inRange(1, 50);
    const double ratio = log_uniform(1, 1000);
    const auto runtimes = exponential_runtimes(workers, log_uniform(1e-3, 1e3));
    const double quadratic = quadratic_rule(k0, ratio, static_cast<double>(workers));
    RC_ASSERT(std::abs(general_rule(k0, ratio, runtimes) - quadratic) <= 1.5);
  }));
}

TEST_CASE("general rule, linear runtimes, is the square-root rule rounded") {
  CHECK(rc::check("within rounding", [] {
    std::vector<double> runtimes(400);
    for (std::size_t k = 1; k <= runtimes.size(); ++k) runtimes[k - 1] = 0.125 * double(k);
    const double k0 = *rc::gen::inRange(1, 20);
    const double ratio = log_uniform(0.5, 300);
    RC_ASSERT(std::abs(general_rule(k0, ratio, runtimes) - square_root_rule(k0, ratio)) <= 1);
  }));
}

TEST_CASE("general rule, loss ratios of zero and infinity, takes the fastest K and the largest") {
  const std::vector<double> rising = {1, 2, 4, 8};
  CHECK(general_rule(2, 0, rising) == 1);
  CHECK(general_rule(2, INFINITY, rising) == 4);
  // Where more synchrony costs nothing, it is taken, whatever the loss.
  const std::vector<double> flat = {1, 1, 1, 1};
  for (const double ratio : {0.0, 0.5, 1.0, 100.0, double(INFINITY)}) {
    CHECK(general_rule(2, ratio, flat) == 4);
  }
}

TEST_CASE("general rule, one K to choose from, keeps it") { CHECK(general_rule(1, 9, {2.0}) == 1); }

}  // namespace
}  // namespace syncline
