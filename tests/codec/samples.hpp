#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "codec/layouts.hpp"
#include "syncline/random.hpp"

namespace syncline::testing {

/// Each codec, at its defaults and at the edges of its parameters.
inline const std::vector<std::string> codec_texts = {"none",
                                                     "fp16",
                                                     "bf16",
                                                     "qsgd",
                                                     "qsgd(bits=2, bucket=0)",
                                                     "qsgd(bits=16, bucket=1)",
                                                     "qsgd(bits=5, bucket=7)",
                                                     "top-k",
                                                     "top-k(0.3)",
                                                     "top-k(share=1, feedback=no)",
                                                     "random-k",
                                                     "random-k(0.3)",
                                                     "random-k(share=0.2, feedback=no)",
                                                     "sign",
                                                     "sign(bucket=0)",
                                                     "sign(bucket=9, feedback=no)",
                                                     "ticket(0.6)",
                                                     "ticket(0.5, shape=uniform, seed=9)",
                                                     "ticket(0.6, vgg=yes)"};

/// Numbers of very different size, some of them 0.
template <class Real>
std::vector<Real> random_vector(std::size_t length, std::uint64_t seed) {
  DrawStream stream(Stream::initial, {seed, 0, 0});
  std::vector<Real> vector(length);
  for (Real& x : vector) {
    const double normal = stream.normal();
    x = static_cast<Real>(stream.below(5) == 0 ? 0 : normal * std::exp(3 * stream.normal()));
  }
  return vector;
}

}  // namespace syncline::testing
