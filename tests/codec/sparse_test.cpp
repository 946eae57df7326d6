// top-k and random-k: which coordinates, and with which values.

#include <algorithm>
#include <cmath>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "codec/samples.hpp"

namespace syncline {
namespace {

using testing::random_vector;

constexpr std::size_t dimension = 50;

std::unique_ptr<Codec<double>> make(const char* text, std::size_t length = dimension) {
  CodecContext context;
  context.dimension = length;
  return make_codec<double>(text, context);
}

TEST_CASE("top-k, any vector, sends the largest as they are and keeps the rest") {
  const auto codec = make("top-k(0.2)");
  CHECK(rc::check("and the first of equals", [&](std::uint64_t seed) {
    auto x = random_vector<double>(dimension, seed);
    for (double& number : x) number = std::round(number);
    std::vector<std::size_t> order(dimension);
    for (std::size_t i = 0; i < dimension; ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return std::abs(x[a]) > std::abs(x[b]); });
    std::vector<double> expected(dimension), rest = x, memory, sent = x;
    for (std::size_t i = 0; i < 10; ++i) {
      expected[order[i]] = x[order[i]];
      rest[order[i]] = 0;
    }
    codec->transmit(sent, {}, memory);
    RC_ASSERT(sent == expected);
    RC_ASSERT(memory == rest);
  }));
}

TEST_CASE("random-k, with feedback, sends its coordinates as they are and keeps the rest") {
  const auto codec = make("random-k(0.2)");
  const std::vector<double> x(dimension, 3.0);
  std::vector<double> memory, sent = x;
  codec->transmit(sent, {1, 2, 3}, memory);
  CHECK(std::count(sent.begin(), sent.end(), 3.0) == 10);
  CHECK(std::count(sent.begin(), sent.end(), 0.0) == 40);
  for (std::size_t i = 0; i < dimension; ++i) CHECK(sent[i] + memory[i] == 3.0);
}

TEST_CASE("random-k, without feedback and many keys, is unbiased and has its variance") {
  constexpr int samples = 4000;
  const auto codec = make("random-k(share=0.2, feedback=no)");
  CHECK(codec->facts().unbiased);
  CHECK(codec->facts().error == 4);
  const auto x = random_vector<double>(dimension, 21);
  std::vector<double> sum(dimension);
  double error = 0, error_squares = 0, squares = 0;
  for (std::uint64_t job = 0; job < samples; ++job) {
    std::vector<double> memory, sent = x;
    codec->transmit(sent, {5, 0, job}, memory);
    double distance = 0;
    for (std::size_t i = 0; i < dimension; ++i) {
      sum[i] += sent[i];
      distance += (sent[i] - x[i]) * (sent[i] - x[i]);
    }
    error += distance / samples;
    error_squares += distance * distance / samples;
  }
  for (std::size_t i = 0; i < dimension; ++i) {
    squares += x[i] * x[i];
    const double standard_error = std::sqrt(4 * x[i] * x[i] / samples);
    CHECK(std::abs(sum[i] / samples - x[i]) <= 4.5 * standard_error);
  }
  const double standard_error = std::sqrt((error_squares - error * error) / samples);
  CHECK(std::abs(error - 4 * squares) <= 4.5 * standard_error);
}

}  // namespace
}  // namespace syncline
