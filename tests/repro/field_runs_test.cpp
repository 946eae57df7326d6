// Studies of faulty nodes and of local steps: what is read off their parts, and when claims fail.

#include <doctest/doctest.h>

#include "field/bridge_claims.hpp"
#include "field/bridge_runs.hpp"
#include "field/fedglomo_runs.hpp"
#include "studies.hpp"

namespace syncline::repro {
namespace {

Json nodes_part(std::vector<double> errors, std::vector<double> worst) {
  return {{"diverged", false},
          {"test_error", errors},
          {"worst_test_error", worst},
          {"round", {0, 10}},
          {"curves", {{0.9, 0.3}, {0.9, 0.5}}}};
}

/// DGD at 80 % among honest nodes, at 12 % under attack; the trimmed mean as given.
Results attacked(std::vector<double> errors, std::vector<double> worst) {
  Results results;
  results.parts["dgd-none"] = nodes_part({0.19, 0.21}, {0.2, 0.2});
  results.parts["dgd-uniform"] = nodes_part({0.86, 0.9}, {0.9, 0.9});
  results.parts["trimmed-mean-uniform"] = nodes_part(std::move(errors), std::move(worst));
  return results;
}

const Claim* claim_with(const std::vector<Claim>& claims, const std::string& words) {
  for (const Claim& claim : claims) {
    if (claim.text.find(words) != std::string::npos) return &claim;
  }
  return nullptr;
}

TEST_CASE("a part's errors become accuracies in percent, its curves their mean") {
  const auto scores = scores_of(attacked({0.2, 0.22}, {0.21, 0.23}), mixing_named("trimmed-mean"),
                                fault_named("uniform"));
  REQUIRE(scores);
  CHECK(scores->mean[1] == doctest::Approx(78));
  CHECK(scores->worst[0] == doctest::Approx(79));
  REQUIRE(scores->curve.size() == 2);
  CHECK(scores->curve[1].x == 10);
  CHECK(scores->curve[1].y == doctest::Approx(0.6));
  CHECK(scores->curve[1].low == doctest::Approx(0.5));
}

TEST_CASE("the trimmed mean's claim fails by the mean, by the worst node, and by divergence") {
  const auto within = [](const Results& results) {
    const auto claims = bridge_claims(results);
    const Claim* claim = claim_with(claims, "the trimmed mean then stays within 2 points");
    REQUIRE(claim);
    return claim->holds;
  };
  CHECK(within(attacked({0.21, 0.22}, {0.21, 0.22})));
  CHECK_FALSE(within(attacked({0.22, 0.23}, {0.21, 0.21})));
  CHECK_FALSE(within(attacked({0.2, 0.2}, {0.2, 0.25})));
  Results ended = attacked({}, {});
  ended.parts["trimmed-mean-uniform"] = {{"diverged", true}};
  CHECK_FALSE(within(ended));
}

TEST_CASE("DGD's collapse must show on every seed") {
  Results results = attacked({0.2, 0.2}, {0.2, 0.2});
  CHECK(claim_with(bridge_claims(results), "below half")->holds);
  results.parts["dgd-uniform"] = nodes_part({0.95, 0.59}, {1, 1});
  CHECK_FALSE(claim_with(bridge_claims(results), "below half")->holds);
}

TEST_CASE("nothing is claimed of what has not been computed") {
  CHECK(bridge_claims({}).empty());
  CHECK(field_bridge().chapter({}).claims.empty());
  CHECK(field_fedglomo().chapter({}).claims.empty());
  // Without the other attacks there is no claim about all of them.
  CHECK(claim_with(bridge_claims(attacked({0.2, 0.2}, {0.2, 0.2})), "nothing that") == nullptr);
}

Json fed_part(double early, double late) {
  Json errors = Json::array(), along = Json::array();
  for (int i = 0; i < 26; ++i) {
    errors.push_back(i < 21 ? early : late);
    along.push_back(i);
  }
  const Json curve = {{"gradients", along}, {"round", along}, {"test_error", errors}};
  return {{"step_size", 0.05}, {"curves", {curve, curve}}};
}

TEST_CASE("an error of local steps is the mean of the last fifth of the evaluations") {
  Results results;
  results.parts["fedavg-10000"] = fed_part(0.9, 0.2);
  const auto score = fed_score(results, fed_method("fedavg"), FedBudget::rounds);
  REQUIRE(score);
  CHECK(score->errors[0] == doctest::Approx(20));
  CHECK(score->errors[1] == doctest::Approx(20));
  CHECK(score->by_rounds[20].y == doctest::Approx(0.9));
  CHECK(score->by_gradients.back().x == 25);
  CHECK_FALSE(fed_score(results, fed_method("fedavg"), FedBudget::gradients));
}

TEST_CASE(
    "equal budgets are one part: as many rounds of the dearest method are as many gradients") {
  const auto parts = fedglomo_parts(Scale::full);
  CHECK(parts.size() == 7);
  Results results;
  results.parts["fedglomo-38000"] = fed_part(0.9, 0.2);
  CHECK(fed_score(results, fed_method("fedglomo"), FedBudget::rounds));
  CHECK(fed_score(results, fed_method("fedglomo"), FedBudget::gradients));
}

}  // namespace
}  // namespace syncline::repro
