// Coded vectors.

#include "syncline/codec.hpp"

#include <cmath>

#include "codec/layouts.hpp"
#include "targets/entries.hpp"
#include "targets/messages.hpp"

namespace syncline::fuzz {
namespace {

/// Each codec at its defaults, and where bits are packed most unevenly.
std::vector<std::string> codec_texts() {
  std::vector<std::string> texts = {"qsgd(bits=5, bucket=7)", "sign(bucket=9)", "top-k(0.3)",
                                    "random-k(0.3)"};
  for (const auto& entry : codecs().entries()) {
    texts.push_back(entry.name == "ticket" ? "ticket(0.6)" : entry.name);
  }
  return texts;
}

template <class Real>
std::vector<std::unique_ptr<Codec<Real>>> all_codecs() {
  std::vector<std::unique_ptr<Codec<Real>>> made;
  for (const auto& text : codec_texts()) {
    made.push_back(make_codec<Real>(text, testing::tiny_net()));
  }
  return made;
}

const DrawKey key{1, 2, 3};

template <class Real>
void decode(std::size_t which, std::string_view message) {
  static const auto all = all_codecs<Real>();
  const Codec<Real>& codec = *all[which % all.size()];
  std::string fitting(message);
  // Most mutations change the length, which alone is enough to be refused.
  if (which >= all.size()) fitting.resize(codec.wire_bytes());
  std::vector<Real> vector(codec.dimension());
  codec.decode(bytes_of(fitting), key, vector);
  for (const Real x : vector) promise(std::isfinite(x), "decoded numbers are finite");
}

/// The first byte chooses the codec, the second the precision.
void take(std::string_view input) {
  const auto byte = [&](std::size_t i) {
    return i < input.size() ? static_cast<unsigned char>(input[i]) : 0u;
  };
  const std::string_view message = input.substr(std::min<std::size_t>(2, input.size()));
  byte(1) % 2 == 0 ? decode<float>(byte(0), message) : decode<double>(byte(0), message);
}

template <class Real>
void add_seeds(std::vector<std::string>& seeds, char precision) {
  char which = 0;
  for (const auto& codec : all_codecs<Real>()) {
    std::vector<Real> vector(codec->dimension());
    for (std::size_t i = 0; i < vector.size(); ++i) vector[i] = static_cast<Real>(i % 7) - 3;
    std::vector<Real> memory;
    seeds.push_back({which++, precision});
    seeds.back() += text_of(codec->encode(vector, key, memory));
  }
}

std::vector<std::string> seeds() {
  std::vector<std::string> messages;
  add_seeds<float>(messages, 0);
  add_seeds<double>(messages, 1);
  return messages;
}

}  // namespace

const Target codec_target{"codec", "a coded vector", take, seeds};

}  // namespace syncline::fuzz
