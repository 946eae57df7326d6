// Messages that no encoder made.

#include <algorithm>
#include <cmath>
#include <limits>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "codec/samples.hpp"
#include "codec/wire.hpp"

namespace syncline {
namespace {

using testing::codec_texts;
using testing::random_vector;
using testing::tiny_net;
using Bytes = std::vector<std::byte>;

const DrawKey key{1, 2, 3};

/// Whether it was decoded; all numbers are finite then.
template <class Real>
bool decodes(const Codec<Real>& codec, const Bytes& message) {
  std::vector<Real> vector(codec.dimension());
  try {
    codec.decode(message, key, vector);
  } catch (const DataError&) {
    return false;
  }
  const bool finite =
      std::all_of(vector.begin(), vector.end(), [](Real x) { return std::isfinite(x); });
  REQUIRE(finite);
  return true;
}

template <class Real>
Bytes sample_message(const Codec<Real>& codec) {
  std::vector<Real> memory;
  return codec.encode(random_vector<Real>(codec.dimension(), 4), key, memory);
}

template <class Real>
void bears_damage(const std::string& text) {
  const auto codec = make_codec<Real>(text, tiny_net());
  const Bytes message = sample_message(*codec);
  REQUIRE(decodes(*codec, message));
  for (std::size_t length = 0; length <= message.size() + 8; ++length) {
    Bytes cut = message;
    cut.resize(length);
    CHECK(decodes(*codec, cut) == (length == message.size()));
  }
  for (std::size_t i = 0; i < message.size(); ++i) {
    for (unsigned change = 1; change < 256; ++change) {
      Bytes damaged = message;
      damaged[i] ^= static_cast<std::byte>(change);
      static_cast<void>(decodes(*codec, damaged));
    }
  }
}

TEST_CASE("a message, cut or with a changed byte, is refused or gives finite numbers") {
  for (const std::string& text : codec_texts) {
    CAPTURE(text);
    bears_damage<float>(text);
    bears_damage<double>(text);
  }
}

TEST_CASE("a message of random bytes is refused or gives finite numbers") {
  CHECK(rc::check("of any codec", [](std::uint64_t seed) {
    const auto text = *rc::gen::elementOf(codec_texts);
    const auto codec = make_codec<float>(text, tiny_net());
    DrawStream stream(Stream::initial, {seed, 0, 0});
    Bytes message(codec->wire_bytes());
    for (std::byte& byte : message) byte = static_cast<std::byte>(stream.below(256));
    static_cast<void>(decodes(*codec, message));
  }));
}

/// A message for 10 numbers, with one number of it put in another's place.
template <class Number>
bool decodes_with(const char* text, std::size_t offset, Number number) {
  CodecContext context;
  context.dimension = 10;
  const auto codec = make_codec<float>(text, context);
  Bytes message = sample_message(*codec);
  REQUIRE(decodes(*codec, message));
  store(std::span(message).subspan(offset), 0, number);
  return decodes(*codec, message);
}

TEST_CASE("a message, one field out of range, is refused") {
  constexpr float nan = std::numeric_limits<float>::quiet_NaN();
  constexpr float infinity = std::numeric_limits<float>::infinity();
  for (const float bad : {nan, infinity, -infinity}) {
    CAPTURE(bad);
    CHECK_FALSE(decodes_with("none", 4, bad));
    CHECK_FALSE(decodes_with("qsgd(bucket=5)", 4, bad));
    CHECK_FALSE(decodes_with("sign(bucket=5)", 4, bad));
    CHECK_FALSE(decodes_with("top-k(0.2)", 2 * 4 + 4, bad));
    CHECK_FALSE(decodes_with("random-k(0.2)", 4, bad));
  }
  CHECK_FALSE(decodes_with("qsgd", 0, -1.0F));
  CHECK_FALSE(decodes_with("sign", 0, -1.0F));
  CHECK_FALSE(decodes_with("fp16", 2, std::uint16_t{0x7c00}));
  CHECK_FALSE(decodes_with("bf16", 2, std::uint16_t{0xff80}));
  // Coordinates: out of range, twice the same, decreasing.
  CHECK_FALSE(decodes_with("top-k(0.2)", 4, std::uint32_t{10}));
  CHECK_FALSE(decodes_with("top-k(0.2)", 4, std::uint32_t{0xffffffff}));
  CHECK_FALSE(decodes_with("top-k(0.2)", 0, std::uint64_t{0x0000000500000005}));
  CHECK_FALSE(decodes_with("top-k(0.2)", 0, std::uint64_t{0x0000000400000005}));
  CHECK(decodes_with("top-k(0.2)", 0, std::uint64_t{0x0000000900000005}));
  // Four bits have 15 signed levels; ten signs leave six bits over.
  CHECK_FALSE(decodes_with("qsgd(bits=4)", 4, std::uint8_t{0x0f}));
  CHECK_FALSE(decodes_with("qsgd(bits=3)", 4 + 3, std::uint8_t{0xc0}));
  CHECK_FALSE(decodes_with("sign", 4 + 1, std::uint8_t{0x04}));
  CHECK(decodes_with("sign", 4 + 1, std::uint8_t{0x03}));
}

}  // namespace
}  // namespace syncline
