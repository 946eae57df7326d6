// The cyclic gradient code: any n - s payloads give the sum of all parts, as exactly as promised.

#include "policy/coding/cyclic_code.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "syncline/error.hpp"
#include "syncline/policy.hpp"
#include "syncline/random.hpp"

namespace syncline {
namespace {

/// The gradient of each part, of one dimension, between -1 and 1.
std::vector<double> parts_of(std::uint32_t n, std::uint64_t seed) {
  DrawStream draws(Stream::initial, {seed, 0, 0});
  std::vector<double> parts(n);
  for (double& part : parts) part = 2 * draws.uniform() - 1;
  return parts;
}

/// The mean over all parts, decoded without the missing, less the true one.
double error_without(const CyclicCode& code, const std::vector<WorkerId>& missing,
                     const std::vector<double>& parts) {
  const Decoding decoding = code.decode(missing);
  double decoded = 0;
  for (WorkerId worker = 0; worker < code.workers(); ++worker) {
    double payload = 0;
    for (std::uint32_t i = 0; i <= code.stragglers(); ++i) {
      payload += code.row(worker)[i] * parts[(worker + i) % code.workers()];
    }
    decoded += decoding.weights[worker] * payload;
  }
  long double sum = 0;
  for (const double part : parts) sum += part;
  return std::abs(static_cast<double>(decoded - sum)) / code.workers();
}

TEST_CASE("cyclic codes of up to 8 workers, any n - s of them, give the exact mean of all parts") {
  for (std::uint32_t n = 1; n <= 8; ++n) {
    for (std::uint32_t s = 0; s < n; ++s) {
      const auto code = best_cyclic_code(n, s);
      const std::vector<double> parts = parts_of(n, s);
      for (std::uint32_t set = 0; set < 1U << n; ++set) {
        std::vector<WorkerId> missing;
        for (WorkerId worker = 0; worker < n; ++worker) {
          if ((set >> worker & 1U) != 0) missing.push_back(worker);
        }
        if (missing.size() != s) continue;
        CAPTURE(n);
        CAPTURE(set);
        CHECK(error_without(*code, missing, parts) <= 1e-9);
        const Decoding decoding = code->decode(missing);
        CHECK(decoding.error <= code->worst().error);
        for (const WorkerId worker : missing) CHECK(decoding.weights[worker] == 0);
      }
    }
  }
}

TEST_CASE("a cyclic code, random sizes, s or fewer missing, is as exact as it says") {
  CHECK(rc::check("within Decoding::error", [](std::uint64_t seed) {
    const auto n = *rc::gen::inRange<std::uint32_t>(2, 33);
    const auto s = *rc::gen::inRange<std::uint32_t>(0, n);
    const CyclicCode code(n, s, seed % 1000);
    std::vector<WorkerId> workers(n);
    std::iota(workers.begin(), workers.end(), 0U);
    DrawStream draws(Stream::sampling, {seed, 0, 0});
    for (std::uint32_t i = 0; i < s; ++i) std::swap(workers[i], workers[i + draws.below(n - i)]);
    workers.resize(*rc::gen::inRange<std::uint32_t>(0, s + 1));
    RC_ASSERT(error_without(code, workers, parts_of(n, seed)) <= code.decode(workers).error);
  }));
}

TEST_CASE("the rows of a cyclic code sum to s + 1, so statistics that are means stay means") {
  const auto code = best_cyclic_code(12, 3);
  for (WorkerId worker = 0; worker < 12; ++worker) {
    const auto row = code->row(worker);
    REQUIRE(row.size() == 4);
    double sum = 0;
    double sizes = 0;
    for (const double x : row) sum += x, sizes += std::abs(x);
    CHECK(std::abs(sum - 4) <= 8 * 0x1p-53 * sizes);
  }
  const Decoding decoding = code->decode(std::vector<WorkerId>{1, 5, 6});
  CHECK(std::accumulate(decoding.weights.begin(), decoding.weights.end(), 0.0) ==
        doctest::Approx(12.0 / 4).epsilon(1e-9));
}

TEST_CASE("the best cyclic code is the same for everybody, and better than its first draw") {
  const auto one = best_cyclic_code(16, 2);
  const auto other = best_cyclic_code(16, 2);
  for (WorkerId worker = 0; worker < 16; ++worker) {
    CHECK(std::equal(one->row(worker).begin(), one->row(worker).end(), other->row(worker).begin()));
  }
  CHECK(one->worst().condition < CyclicCode(16, 2, 0).worst().condition);
  // Everybody has everything, or each only his own: nothing can grow.
  CHECK(best_cyclic_code(6, 5)->worst().condition == doctest::Approx(1).epsilon(1e-12));
  CHECK(best_cyclic_code(6, 0)->worst().condition == doctest::Approx(1).epsilon(1e-12));
}

std::string refusal(const char* text, std::uint32_t workers) {
  PolicyContext context;
  context.workers = workers;
  try {
    static_cast<void>(make_policy(text, context));
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

TEST_CASE("gradient coding, codes that can't be, are refused with the reason") {
  const auto has = [](const std::string& text, const char* part) {
    CAPTURE(text);
    CHECK(text.find(part) != std::string::npos);
  };
  has(refusal("gradient-coding(stragglers=8, code=cyclic)", 8), "below the number of workers");
  has(refusal("gradient-coding(stragglers=24, code=cyclic)", 160), "more than eight digits");
  has(refusal("gradient-coding(code=cyclic)", 257), "at most 256 workers");
  has(refusal("gradient-coding(stragglers=2)", 8), "with code=cyclic it need not");
  has(refusal("gradient-coding(code=circular)", 8), "repetition or cyclic");
  CHECK(refusal("gradient-coding(stragglers=2, code=cyclic)", 8).empty());
}

}  // namespace
}  // namespace syncline
