// QSGD against its law: each number is rounded up with the chance that makes its mean right.

#include <cmath>

#include <doctest/doctest.h>

#include "codec/samples.hpp"

namespace syncline {
namespace {

using testing::random_vector;

constexpr std::size_t dimension = 40;
constexpr std::size_t bucket = 16;
constexpr int samples = 4000;

struct Levels {
  const char* text;
  double levels;  ///< s
};

double norm_of_bucket(const std::vector<double>& x, std::size_t coordinate) {
  const std::size_t begin = coordinate / bucket * bucket;
  double squares = 0;
  for (std::size_t i = begin; i < std::min(begin + bucket, dimension); ++i) squares += x[i] * x[i];
  return std::sqrt(squares);
}

void follows_its_law(const Levels& levels) {
  CodecContext context;
  context.dimension = dimension;
  const auto codec = make_codec<double>(levels.text, context);
  const auto x = random_vector<double>(dimension, 11);
  std::vector<double> sum(dimension);
  double error = 0, error_squares = 0, variance = 0, squares = 0;
  for (std::uint64_t job = 0; job < samples; ++job) {
    std::vector<double> memory, sent = x;
    codec->transmit(sent, {7, 0, job}, memory);
    double distance = 0;
    for (std::size_t i = 0; i < dimension; ++i) {
      sum[i] += sent[i];
      distance += (sent[i] - x[i]) * (sent[i] - x[i]);
    }
    error += distance / samples;
    error_squares += distance * distance / samples;
  }
  for (std::size_t i = 0; i < dimension; ++i) {
    CAPTURE(i);
    const double step = norm_of_bucket(x, i) / levels.levels;
    const double part = std::abs(x[i]) / step - std::floor(std::abs(x[i]) / step);
    const double deviation = step * std::sqrt(part * (1 - part));
    CHECK(std::abs(sum[i] / samples - x[i]) <= 4.5 * deviation / std::sqrt(samples) + 1e-6 * step);
    variance += deviation * deviation;
    squares += x[i] * x[i];
  }
  const double standard_error = std::sqrt((error_squares - error * error) / samples);
  CHECK(std::abs(error - variance) <= 4.5 * standard_error);
  const double q = std::min(bucket / (levels.levels * levels.levels),
                            std::sqrt(static_cast<double>(bucket)) / levels.levels);
  CHECK(codec->facts().error == q);
  CHECK(error <= q * squares);
  CHECK(codec->facts().unbiased);
}

TEST_CASE("qsgd, many keys, is unbiased and has its variance") {
  for (const Levels& levels : {Levels{"qsgd(bits=2, bucket=16)", 1},
                               {"qsgd(bits=3, bucket=16)", 3},
                               {"qsgd(bits=8, bucket=16)", 127}}) {
    CAPTURE(levels.text);
    follows_its_law(levels);
  }
}

TEST_CASE("qsgd, one number in a bucket, sends it with the precision of a float") {
  CodecContext context;
  context.dimension = 6;
  const auto codec = make_codec<double>("qsgd(bits=2, bucket=1)", context);
  std::vector<double> memory, sent = {1, -0.5, 0, 3, -1024, 0.125};
  const auto given = sent;
  codec->transmit(sent, {1, 1, 1}, memory);
  CHECK(sent == given);
}

TEST_CASE("qsgd, coarse, is called mostly zeros, and is") {
  CodecContext context;
  context.dimension = 4096;
  for (const char* text : {"qsgd(bits=2)", "qsgd(bits=4)", "qsgd(bits=5, bucket=0)", "qsgd(bits=5)",
                           "qsgd(bits=8)", "qsgd(bits=4, bucket=64)"}) {
    CAPTURE(text);
    const auto codec = make_codec<double>(text, context);
    std::vector<double> memory, even(context.dimension, 1.0);
    codec->transmit(even, {1, 0, 0}, memory);
    const auto zeros = std::count(even.begin(), even.end(), 0.0);
    CHECK(codec->facts().mostly_zeros == (zeros > 2048));
  }
}

}  // namespace
}  // namespace syncline
