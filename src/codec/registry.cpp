#include <limits>

#include "base/both_precisions.hpp"
#include "codec/plain.hpp"
#include "codec/qsgd.hpp"
#include "codec/random_k.hpp"
#include "codec/rounded.hpp"
#include "codec/sign.hpp"
#include "codec/ticket.hpp"
#include "codec/top_k.hpp"

namespace syncline {
namespace {

template <template <class> class Kind>
CodecFactory both() {
  return in_both_precisions<CodecFactory, Kind>();
}

}  // namespace

const Registry<CodecFactory>& codecs() {
  static const Parameter share = {"share", "of the coordinates are sent, above 0, at most 1",
                                  "0.01"};
  static const Parameter bucket = {"bucket", "numbers that share a scale; 0: all of them", "512"};
  static const Parameter feedback = {"feedback", "what was not sent is added to the next", "yes"};
  static const Registry<CodecFactory> registry(
      "codec",
      {{"none", "the numbers themselves", "", {}, both<Plain>()},
       {"fp16", "half precision, at most 65504", "IEEE 754 binary16", {}, both<Fp16>()},
       {"bf16", "the upper half of a float", "bfloat16", {}, both<Bf16>()},
       {"qsgd",
        "random rounding to 2^(bits-1) - 1 levels of the norm, and a sign",
        "Alistarh et al., arXiv 1610.02132",
        {{"bits", "of each number, 2 to 16", "4"}, bucket},
        both<Qsgd>()},
       {"top-k",
        "the largest coordinates and where they are",
        "Stich et al., arXiv 1809.07599",
        {share, feedback},
        both<TopK>()},
       {"random-k",
        "random coordinates; without feedback times 1/share",
        "Stich et al., arXiv 1809.07599",
        {share, feedback},
        both<RandomK>()},
       {"sign",
        "signs, and the mean size of a bucket",
        "Karimireddy et al., arXiv 1901.09847",
        {bucket, feedback},
        both<Sign>()},
       {"ticket",
        "a subnetwork that is fixed for the whole run: random, or of trained weights",
        "Su et al., arXiv 2009.11094",
        {{"sparsity", "of the weights of convolutions and linear layers, below 1", std::nullopt},
         {"linear_keep", "of each linear layer, beside convolutions", "0.3"},
         {"shape", "of the ratios of the convolutions: quadratic or uniform", "quadratic"},
         {"vgg", "ratios for a network without shortcuts", "no"},
         {"seed", "of the subnetwork; 0: that of the run", "0"},
         {"weights",
          "a file of trained weights: its largest are the subnetwork, and training starts there",
          ""}},
        both<TicketCodec>()}});
  return registry;
}

template <class Real>
std::unique_ptr<Codec<Real>> make_codec(std::string_view text, const CodecContext& context) {
  const Spec spec = parse_spec(text);
  if (context.dimension == 0 || context.dimension > std::numeric_limits<std::uint32_t>::max()) {
    throw ConfigError("codec '" + spec.name + "' can't carry vectors of " +
                      std::to_string(context.dimension) + " numbers: 1 to 2^32 - 1 are possible");
  }
  auto codec = make_in_precision<Real>(codecs(), text, context);
  const std::string& why = codec->facts().not_for_pull;
  if (context.direction == Direction::pull && !why.empty()) {
    throw ConfigError("codec '" + to_text(spec) +
                      "' can't carry parameters to the workers: " + why);
  }
  return codec;
}
template std::unique_ptr<Codec<float>> make_codec(std::string_view, const CodecContext&);
template std::unique_ptr<Codec<double>> make_codec(std::string_view, const CodecContext&);

}  // namespace syncline
