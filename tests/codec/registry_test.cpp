// What is refused, and what is told of a codec.

#include <doctest/doctest.h>

#include "codec/samples.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

using testing::tiny_net;

std::string refusal(const std::string& text, const CodecContext& context) {
  try {
    static_cast<void>(make_codec<float>(text, context));
  } catch (const ConfigError& error) {
    CHECK_THROWS_AS(static_cast<void>(make_codec<double>(text, context)), ConfigError);
    return error.what();
  }
  return "";
}

bool has(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

TEST_CASE("codecs, wrong arguments, are refused") {
  for (const char* text :
       {"fp8", "none(1)", "qsgd(bits=1)", "qsgd(bits=17)", "qsgd(bits=2.5)", "qsgd(bucket=-1)",
        "top-k(0)", "top-k(1.01)", "top-k(nan)", "random-k(share=2)", "random-k(feedback=maybe)",
        "sign(bucket=x)", "ticket", "ticket(1)", "ticket(-0.1)", "ticket(0.6, linear_keep=1.1)",
        "ticket(0.6, shape=cubic)", "ticket(0.6, shape=uniform, vgg=yes)",
        "ticket(0.6, seed=-1)"}) {
    CAPTURE(text);
    CHECK(refusal(text, tiny_net()) != "");
  }
  CodecContext empty;
  CHECK(has(refusal("none", empty), "0 numbers"));
}

TEST_CASE("codecs that can't carry parameters, for pulls, are refused with the reason") {
  CodecContext context = tiny_net();
  context.dimension = 1000;
  context.direction = Direction::pull;
  CHECK(has(refusal("top-k", context), "left out would be lost"));
  CHECK(has(refusal("random-k(feedback=no)", context), "left out would be lost"));
  CHECK(has(refusal("sign", context), "one size"));
  CHECK(has(refusal("qsgd", context), "more bits or smaller buckets"));
  for (const char* text : {"none", "fp16", "bf16", "qsgd(bits=8)", "ticket(0.6)"}) {
    CAPTURE(text);
    CHECK(refusal(text, context) == "");
  }
}

TEST_CASE("codecs, asked whether most of a vector arrives as 0, say so") {
  CodecContext context = tiny_net();
  const auto zeros = [&](const char* text) {
    return make_codec<float>(text, context)->facts().mostly_zeros;
  };
  for (const char* text : {"top-k", "random-k", "qsgd(bits=2)"}) CHECK(zeros(text));
  for (const char* text : {"none", "fp16", "bf16", "sign", "qsgd(bits=8)", "top-k(0.6)",
                           "random-k(0.5)", "ticket(0.6)"}) {
    CAPTURE(text);
    CHECK_FALSE(zeros(text));
  }
}

TEST_CASE("codecs without randomness, any vector, keep within their error") {
  const CodecContext context = tiny_net();
  for (const char* text :
       {"none", "fp16", "bf16", "top-k(0.3, no)", "sign(9, no)", "sign(0, no)", "ticket(0.6)"}) {
    CAPTURE(text);
    const auto codec = make_codec<double>(text, context);
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
      auto x = testing::random_vector<double>(context.dimension, seed);
      for (double& number : x) number *= 0.01;  // within the range of fp16
      std::vector<double> memory, sent = x;
      codec->transmit(sent, {}, memory);
      double error = 0, squares = 0;
      for (std::size_t i = 0; i < x.size(); ++i) {
        error += (sent[i] - x[i]) * (sent[i] - x[i]);
        squares += x[i] * x[i];
      }
      CHECK(error <= codec->facts().error * squares * (1 + 1e-12));
    }
  }
}

}  // namespace
}  // namespace syncline
