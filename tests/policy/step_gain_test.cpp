// What a step gains, from scalars of the steps before: on quadratics, where it is known.

#include "policy/classical/step_gain.hpp"

#include <cmath>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "base/summary.hpp"
#include "syncline/random.hpp"

namespace syncline {
namespace {

/// F(w) = ||w||^2 / 2 and gradients w + noise of variance V in all: eta is the curvature a.
class Descent {
 public:
  Descent(std::uint64_t seed, std::size_t dimension, double start, double eta, double noise)
      : w_(dimension, start / std::sqrt(static_cast<double>(dimension))),
        eta_(eta),
        deviation_(std::sqrt(noise / static_cast<double>(dimension))),
        stream_(Stream::initial, {seed, 0, 0}) {}

  void step(std::size_t k, StepGain& gain) {
    std::vector<double> mean(w_.size(), 0);
    double squares = 0;
    for (std::size_t i = 0; i < k; ++i) {
      for (std::size_t j = 0; j < w_.size(); ++j) {
        const double g = w_[j] + deviation_ * stream_.normal();
        mean[j] += g / static_cast<double>(k);
        squares += g * g;
      }
    }
    double square = 0;
    double dot = 0;
    for (std::size_t j = 0; j < w_.size(); ++j) {
      square += mean[j] * mean[j];
      if (!before_.empty()) dot += mean[j] * before_[j];
      w_[j] -= eta_ * mean[j];
    }
    const double count = static_cast<double>(k);
    const double spread = k > 1 ? (squares - count * square) / (count - 1) : NAN;
    gain.stepped(count, std::sqrt(square), before_.empty() ? NAN : dot, spread, 1);
    before_ = mean;
  }

 private:
  std::vector<double> w_, before_;
  double eta_, deviation_;
  DrawStream stream_;
};

double number(const StepGain& gain, const char* name) {
  return gain.state().at(name).get<double>();
}

TEST_CASE("the gain of a step without noise is (1 - a / 2) ||grad||^2, whatever k") {
  StepGain gain(2);
  Descent descent(1, 3, 8, 0.25, 0);
  descent.step(4, gain);
  CHECK_FALSE(gain.ready());
  descent.step(4, gain);
  REQUIRE(gain.ready());
  const double slope = (64 + 36) / 2.0;  // of the last two steps: w is 8, then 6
  CHECK(number(gain, "curvature") == doctest::Approx(0.25).epsilon(1e-12));
  CHECK(gain.gain(1, 1) == doctest::Approx(0.875 * slope).epsilon(1e-12));
  CHECK(gain.gain(7, 1) == doctest::Approx(0.875 * slope).epsilon(1e-12));
  // Twice the step size: twice the slope's part, and four times the curvature's.
  CHECK(gain.gain(1, 2) == doctest::Approx(2 * 0.75 * slope).epsilon(1e-12));
}

TEST_CASE("the curvature is found under noise at its floor, where slopes are hidden in it") {
  std::vector<double> found;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    StepGain gain(5);
    Descent descent(seed, 1000, 0, 0.1, 4);
    for (int step = 0; step < 150; ++step) descent.step(2, gain);
    found.push_back(number(gain, "curvature"));
  }
  const Summary summary = summarise(found);
  CHECK(std::abs(summary.mean - 0.1) < 4.5 * summary.standard_error);
  CHECK(summary.standard_error < 0.01);
}

TEST_CASE(
    "where only noise is left, a step costs a V / 2 k, also as learnt from single gradients") {
  for (const std::size_t k : {1U, 4U}) {
    std::vector<double> costs;
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
      StepGain gain(20);
      Descent descent(seed, 1000, 0, 1e-9, 4);
      for (int step = 0; step < 40; ++step) descent.step(k, gain);
      // The noise alone: what the gains of 1 and of very many gradients differ by, over a / 2.
      const double a = number(gain, "curvature");
      if (a > 0) costs.push_back((gain.gain(1e9, 1) - gain.gain(1, 1)) / (a / 2));
    }
    CAPTURE(k);
    REQUIRE(costs.size() >= 2);
    const Summary summary = summarise(costs);
    CHECK(std::abs(summary.mean - 4) < 4.5 * summary.standard_error);
  }
}

TEST_CASE("a loss that is no number says nothing about gains") {
  StepGain gain(2);
  Descent descent(1, 3, 8, 0.25, 0);
  descent.step(4, gain);
  descent.step(4, gain);
  const nlohmann::json before = gain.state();
  gain.stepped(4, INFINITY, NAN, NAN, 1);
  CHECK(gain.state() == before);
}

TEST_CASE("gains restored from their state go on alike") {
  StepGain gain(3);
  Descent descent(3, 5, 2, 0.1, 1);
  for (int step = 0; step < 7; ++step) descent.step(1 + step % 3, gain);
  StepGain again(3);
  again.restore(nlohmann::json::parse(gain.state().dump()));
  Descent copy = descent;
  descent.step(2, gain);
  copy.step(2, again);
  CHECK(again.state() == gain.state());
  CHECK(again.gain(3, 1) == gain.gain(3, 1));
}

}  // namespace
}  // namespace syncline
