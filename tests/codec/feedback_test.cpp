// Error feedback: nothing is lost, and a message can be rolled back.

#include <cmath>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "codec/samples.hpp"

namespace syncline {
namespace {

using testing::random_vector;

const std::vector<std::string> with_feedback = {"top-k", "top-k(0.2)", "random-k", "random-k(0.2)",
                                                "sign",  "sign(0)",    "sign(7)"};

template <class Real>
void loses_nothing(const std::string& text, std::uint64_t seed, double tolerance) {
  CodecContext context;
  context.dimension = 60;
  const auto codec = make_codec<Real>(text, context);
  std::vector<Real> memory;
  std::vector<double> given(context.dimension), sent(context.dimension);
  double size = 0;
  for (std::uint64_t job = 0; job < 20; ++job) {
    auto vector = random_vector<Real>(context.dimension, seed + job);
    for (std::size_t i = 0; i < vector.size(); ++i) given[i] += static_cast<double>(vector[i]);
    for (const Real x : vector) size += std::abs(static_cast<double>(x));
    codec->transmit(vector, {seed, 0, job}, memory);
    for (std::size_t i = 0; i < vector.size(); ++i) sent[i] += static_cast<double>(vector[i]);
  }
  for (std::size_t i = 0; i < given.size(); ++i) {
    const double there = sent[i] + static_cast<double>(memory[i]);
    RC_ASSERT(std::abs(there - given[i]) <= tolerance * size);
  }
}

TEST_CASE("a codec with feedback, vectors sent one after the other, loses nothing") {
  for (const std::string& text : with_feedback) {
    CAPTURE(text);
    CHECK(rc::check("sent + memory = given, to rounding", [&](std::uint64_t seed) {
      loses_nothing<double>(text, seed, 1e-14);
      loses_nothing<float>(text, seed, 1e-5);
    }));
  }
}

TEST_CASE("memory, put back, makes the next message the same again") {
  CodecContext context;
  context.dimension = 60;
  for (const std::string& text : with_feedback) {
    CAPTURE(text);
    const auto codec = make_codec<double>(text, context);
    std::vector<double> memory;
    static_cast<void>(codec->encode(random_vector<double>(60, 1), {1, 0, 0}, memory));
    const auto vector = random_vector<double>(60, 2);
    auto rolled_back = memory;
    const auto first = codec->encode(vector, {1, 0, 1}, memory);
    CHECK(rolled_back != memory);
    CHECK(codec->encode(vector, {1, 0, 1}, rolled_back) == first);
    CHECK(rolled_back == memory);
  }
}

TEST_CASE("feedback, turned off, leaves the memory alone") {
  CodecContext context;
  context.dimension = 60;
  for (const char* text : {"top-k(feedback=no)", "random-k(feedback=no)", "sign(feedback=no)"}) {
    CAPTURE(text);
    std::vector<double> memory;
    const auto codec = make_codec<double>(text, context);
    static_cast<void>(codec->encode(random_vector<double>(60, 1), {1, 0, 0}, memory));
    CHECK(memory.empty());
  }
}

TEST_CASE("sign, by hand, sends the mean size with the signs") {
  CodecContext context;
  context.dimension = 5;
  const auto codec = make_codec<double>("sign(bucket=3)", context);
  std::vector<double> memory, vector = {1, -2, 0, -4, -8};
  codec->transmit(vector, {}, memory);
  CHECK(vector == std::vector<double>{1, -1, 1, -6, -6});
  CHECK(memory == std::vector<double>{0, -1, -1, 2, -2});
}

}  // namespace
}  // namespace syncline
