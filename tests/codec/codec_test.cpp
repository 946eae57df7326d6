// What holds for every codec: sizes, bits, keys, numbers that are not finite.

#include <bit>
#include <limits>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "codec/samples.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

using testing::codec_texts;
using testing::random_vector;
using testing::tiny_net;

template <class Real>
std::vector<std::byte> bytes_of(const std::vector<Real>& vector) {
  const auto* begin = reinterpret_cast<const std::byte*>(vector.data());
  return {begin, begin + vector.size() * sizeof(Real)};
}

template <class Real>
void travels_alike_with_and_without_bytes(const std::string& text, std::uint64_t seed) {
  const CodecContext context = tiny_net();
  const auto codec = make_codec<Real>(text, context);
  std::vector<Real> memory, other_memory;
  for (std::uint32_t job = 0; job < 4; ++job) {
    const DrawKey key{seed, 3, job};
    const auto vector = random_vector<Real>(context.dimension, seed + job);
    const auto message = codec->encode(vector, key, memory);
    RC_ASSERT(message.size() == codec->wire_bytes());
    std::vector<Real> decoded(context.dimension, Real(7));
    codec->decode(message, key, decoded);
    std::vector<Real> passed = vector;
    codec->transmit(passed, key, other_memory);
    RC_ASSERT(bytes_of(decoded) == bytes_of(passed));
    RC_ASSERT(bytes_of(memory) == bytes_of(other_memory));
    RC_ASSERT(memory.size() == (codec->facts().feedback ? context.dimension : 0));
  }
}

TEST_CASE("a codec, several vectors sent, has its exact size and transmits what it decodes") {
  for (const std::string& text : codec_texts) {
    CAPTURE(text);
    CHECK(rc::check("to the bit, in both precisions", [&](std::uint64_t seed) {
      travels_alike_with_and_without_bytes<float>(text, seed);
      travels_alike_with_and_without_bytes<double>(text, seed);
    }));
  }
}

TEST_CASE("messages, counted by hand, have these bytes") {
  const auto bytes = [](const char* text, std::size_t dimension) {
    CodecContext context;
    context.dimension = dimension;
    return make_codec<float>(text, context)->wire_bytes();
  };
  CHECK(bytes("none", 1000) == 4000);
  CHECK(bytes("fp16", 1000) == 2000);
  CHECK(bytes("bf16", 1000) == 2000);
  CHECK(bytes("qsgd", 1000) == 2 * 4 + 500);
  CHECK(bytes("qsgd(bits=3, bucket=0)", 1001) == 4 + 376);
  CHECK(bytes("top-k", 1000) == 10 * 8);
  CHECK(bytes("top-k", 10) == 8);
  CHECK(bytes("random-k(share=0.07)", 100) == 7 * 4);
  CHECK(bytes("sign", 1025) == 3 * 4 + 129);
  CodecContext context;
  context.dimension = 1000;
  CHECK(make_codec<double>("top-k", context)->wire_bytes() == 10 * 12);
}

TEST_CASE("a codec, its key changed, draws anew; each direction draws for itself") {
  CodecContext context = tiny_net();
  const auto vector = random_vector<double>(context.dimension, 5);
  std::vector<double> memory;
  for (const char* text : {"qsgd(bits=8, bucket=16)", "random-k(share=0.1, feedback=no)"}) {
    CAPTURE(text);
    const auto codec = make_codec<double>(text, context);
    const auto message = codec->encode(vector, {1, 2, 3}, memory);
    CHECK(message == codec->encode(vector, {1, 2, 3}, memory));
    CHECK(message != codec->encode(vector, {2, 2, 3}, memory));
    CHECK(message != codec->encode(vector, {1, 3, 3}, memory));
    CHECK(message != codec->encode(vector, {1, 2, 4}, memory));
  }
  const char* text = "qsgd(bits=8, bucket=16)";
  const auto push = make_codec<double>(text, context);
  context.direction = Direction::pull;
  const auto pull = make_codec<double>(text, context);
  CHECK(push->encode(vector, {1, 2, 3}, memory) != pull->encode(vector, {1, 2, 3}, memory));
}

TEST_CASE("a vector with a number that is not finite, sent, stays as it is and is no message") {
  const CodecContext context = tiny_net();
  for (const std::string& text : codec_texts) {
    CAPTURE(text);
    const auto codec = make_codec<float>(text, context);
    for (const float bad :
         {std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity(),
          std::numeric_limits<float>::quiet_NaN()}) {
      std::vector<float> memory;
      auto vector = random_vector<float>(context.dimension, 3);
      CHECK(codec->can_send(vector, memory));
      vector[50] = bad;
      CHECK_FALSE(codec->can_send(vector, memory));
      const auto before = bytes_of(vector);
      codec->transmit(vector, {}, memory);
      CHECK(bytes_of(vector) == before);
      CHECK_THROWS_AS(static_cast<void>(codec->encode(vector, {}, memory)), DataError);
      CHECK(memory.empty());
    }
  }
}

template <class Real>
void stays_finite(const std::string& text) {
  const CodecContext context = tiny_net();
  const auto codec = make_codec<Real>(text, context);
  constexpr Real largest = std::numeric_limits<Real>::max();
  constexpr Real least = std::numeric_limits<Real>::denorm_min();
  for (const auto& [even, odd] : {std::pair{largest, largest},
                                  {largest, -largest},
                                  {least, -least},
                                  {largest, least},
                                  {Real(0), -Real(0)}}) {
    std::vector<Real> memory, vector(context.dimension);
    for (std::size_t i = 0; i < vector.size(); ++i) vector[i] = i % 2 == 0 ? even : odd;
    auto passed = vector;
    codec->transmit(passed, {1, 2, 3}, memory);
    memory.clear();
    const auto message = codec->encode(vector, {1, 2, 3}, memory);
    codec->decode(message, {1, 2, 3}, vector);
    for (const Real x : vector) CHECK(std::isfinite(x));
    CHECK(bytes_of(vector) == bytes_of(passed));
  }
}

TEST_CASE("the largest and smallest numbers, sent, arrive as finite ones") {
  for (const std::string& text : codec_texts) {
    CAPTURE(text);
    stays_finite<float>(text);
    stays_finite<double>(text);
  }
}

TEST_CASE("a codec, given a vector or memory of another length, says so") {
  CodecContext context;
  context.dimension = 5;
  const auto codec = make_codec<float>("sign", context);
  std::vector<float> vector(5), other(6);
  CHECK_THROWS_AS(codec->transmit(other, {}, vector), InternalError);
  CHECK_THROWS_AS(codec->transmit(vector, {}, other), InternalError);
  const auto message = codec->encode(vector, {}, vector);
  CHECK_THROWS_AS(codec->decode(message, {}, other), InternalError);
}

}  // namespace
}  // namespace syncline
