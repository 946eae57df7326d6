#include <algorithm>
#include <type_traits>

#include "fleet/decentralised/coordinate_screens.hpp"
#include "fleet/decentralised/vector_screens.hpp"
#include "fleet/decentralised/weights.hpp"

namespace syncline {
namespace {

template <template <class> class Kind>
MixingFactory factory(std::function<std::uint64_t(std::uint64_t b)> neighbours) {
  return {[neighbours](const Arguments& arguments) {
            const bool screens = std::is_base_of_v<Screen<float>, Kind<float>>;
            return neighbours(screens ? arguments.whole("b") : 0);
          },
          [](const Arguments& arguments, const AggregatorShape& shape, const Topology& topology) {
            return std::make_unique<const Kind<float>>(arguments, shape, topology);
          },
          [](const Arguments& arguments, const AggregatorShape& shape, const Topology& topology) {
            return std::make_unique<const Kind<double>>(arguments, shape, topology);
          }};
}

std::uint64_t one(std::uint64_t) { return 1; }
std::uint64_t majority(std::uint64_t b) { return 2 * b + 1; }
std::uint64_t for_krum(std::uint64_t b) { return 2 * b + 3; }
/// One more than the paper's 4b, with which nothing would be left to take the mean of.
std::uint64_t for_bulyan(std::uint64_t b) { return std::max(4 * b + 1, 3 * b + 2); }

}  // namespace

const Registry<MixingFactory>& mixings() {
  static const Parameter faulty = {"b", "faulty neighbours, at most", std::nullopt};
  static const std::string bridge = "BRIDGE: Fang et al., arXiv 1908.08098";
  static const Registry<MixingFactory> registry(
      "screen",
      {{"uniform", "the mean of all", "the usual textbook", {}, factory<UniformWeights>(one)},
       {"metropolis",
        "weights that keep the mean of all models: 1 / (1 + the larger degree)",
        "Xiao and Boyd (2004)",
        {},
        factory<MetropolisWeights>(one)},
       {"trimmed-mean",
        "per coordinate the mean of the own value and of the neighbours' without the b largest "
        "and b smallest",
        bridge,
        {faulty},
        factory<TrimmedMeanScreen>(majority)},
       {"median", "per coordinate the median", bridge, {faulty}, factory<MedianScreen>(majority)},
       {"krum",
        "the model nearest to its |N|-b-2 nearest others",
        bridge,
        {faulty},
        factory<KrumScreen>(for_krum)},
       {"bulyan",
        "of |N|-2b chosen by Krum, per coordinate the mean without the b largest and b smallest",
        bridge,
        {faulty},
        factory<BulyanScreen>(for_bulyan)}});
  return registry;
}

template <class Real>
std::unique_ptr<const Mixing<Real>> make_mixing(std::string_view text, const AggregatorShape& shape,
                                                const Topology& topology) {
  const Spec spec = parse_spec(text);
  const auto& entry = mixings().find(spec.name);
  const Arguments arguments(spec, entry.parameters);
  if constexpr (std::is_same_v<Real, float>) {
    return entry.make.single(arguments, shape, topology);
  } else {
    return entry.make.full(arguments, shape, topology);
  }
}
template std::unique_ptr<const Mixing<float>> make_mixing(std::string_view, const AggregatorShape&,
                                                          const Topology&);
template std::unique_ptr<const Mixing<double>> make_mixing(std::string_view, const AggregatorShape&,
                                                           const Topology&);

std::uint64_t neighbours_needed(std::string_view text) {
  const Spec spec = parse_spec(text);
  const auto& entry = mixings().find(spec.name);
  return entry.make.neighbours(Arguments(spec, entry.parameters));
}

}  // namespace syncline
