#include <algorithm>

#include "base/both_precisions.hpp"
#include "server/aggregators/bucketing.hpp"
#include "server/aggregators/bulyan.hpp"
#include "server/aggregators/centred_clipping.hpp"
#include "server/aggregators/geometric_median.hpp"
#include "server/aggregators/krum.hpp"
#include "server/aggregators/mean.hpp"
#include "server/aggregators/median.hpp"
#include "server/aggregators/trimmed_mean.hpp"

namespace syncline {
namespace {

template <template <class> class Kind>
AggregatorFactory plain() {
  return {[](const Arguments&) { return AggregatorNeeds{}; },
          [](const Arguments&, const AggregatorShape& shape) {
            return std::make_unique<Kind<float>>(shape);
          },
          [](const Arguments&, const AggregatorShape& shape) {
            return std::make_unique<Kind<double>>(shape);
          }};
}

/// A rule that trusts the most of its payloads: one worker must not fill several places.
template <template <class> class Kind>
AggregatorFactory robust(std::function<std::uint64_t(const Arguments&)> payloads,
                         std::function<bool(const Arguments&)> whole_vectors) {
  return {[payloads, whole_vectors](const Arguments& arguments) {
            return AggregatorNeeds{payloads(arguments), true, whole_vectors(arguments)};
          },
          [](const Arguments& arguments, const AggregatorShape& shape) {
            return std::make_unique<Kind<float>>(arguments, shape);
          },
          [](const Arguments& arguments, const AggregatorShape& shape) {
            return std::make_unique<Kind<double>>(arguments, shape);
          }};
}

std::uint64_t any_number(const Arguments&) { return 1; }

bool always(const Arguments&) { return true; }
bool never(const Arguments&) { return false; }

/// per * b + rest.
auto by_b(std::uint64_t per, std::uint64_t rest) {
  return [=](const Arguments& arguments) { return per * arguments.whole("b") + rest; };
}

/// Among the n - b - 2 best there must be m.
std::uint64_t for_multi_krum(const Arguments& arguments) {
  const std::uint64_t b = arguments.whole("b");
  return std::max(2 * b + 3, arguments.whole("m") + b + 2);
}

/// So many that there are enough buckets for the rule, the last of them perhaps of one payload.
std::uint64_t for_bucketing(const Arguments& arguments) {
  const std::uint64_t buckets = aggregator_needs(arguments.text("rule")).payloads;
  return arguments.at_least_one("size") * (buckets - 1) + 1;
}

bool as_inner_rule(const Arguments& arguments) {
  return aggregator_needs(arguments.text("rule")).whole_vectors;
}

}  // namespace

const Registry<AggregatorFactory>& aggregators() {
  static const Parameter faulty = {"b", "faulty gradients in a step, at most", std::nullopt};
  static const Registry<AggregatorFactory> registry(
      "aggregator",
      {{"mean",
        "the weighted sum, with weights 1/K the mean",
        "the plain rule of SGD",
        {},
        plain<MeanAggregator>()},
       {"median",
        "per coordinate the median",
        "Yin et al., arXiv 1803.01498",
        {},
        robust<Median>(any_number, never)},
       {"trimmed-mean",
        "per coordinate the mean without the b largest and b smallest; K >= 2b+1",
        "Yin et al., arXiv 1803.01498",
        {faulty},
        robust<TrimmedMean>(by_b(2, 1), never)},
       {"krum",
        "the gradient nearest to its K-b-2 nearest others; K >= 2b+3",
        "Blanchard et al., arXiv 1703.02757",
        {faulty},
        robust<Krum>(by_b(2, 3), always)},
       {"multi-krum",
        "the mean of the m best by Krum's score; K >= 2b+3",
        "Blanchard et al., arXiv 1703.02757",
        {faulty, {"m", "how many, at most K-b-2; 0: K-b-2", "0"}},
        robust<MultiKrum>(for_multi_krum, always)},
       {"bulyan",
        "of K-2b chosen by Krum, per coordinate the mean of the K-4b nearest to the median; K >= "
        "4b+3",
        "El Mhamdi et al., arXiv 1802.07927",
        {faulty},
        robust<Bulyan>(by_b(4, 3), always)},
       {"geometric-median",
        "towards the point with the least sum of distances, from the mean on",
        "RFA: Pillutla et al., arXiv 1912.13445",
        {{"iterations", "smoothed Weiszfeld steps", "3"},
         {"smoothing", "distances count as at least this", "1e-6"}},
        robust<GeometricMedian>(any_number, always)},
       {"centred-clipping",
        "the last result plus the mean difference from it, each clipped to a radius",
        "Karimireddy et al., arXiv 2012.10333",
        {{"radius", "the longest difference that counts in full, above 0", std::nullopt},
         {"iterations", "times that this is done in a step", "1"}},
        robust<CentredClipping>(any_number, always)},
       {"bucketing",
        "another rule, of the means of random buckets of gradients",
        "Karimireddy et al., arXiv 2006.09365",
        {{"size", "gradients in a bucket", "2"}, {"rule", "any aggregator", "median"}},
        robust<Bucketing>(for_bucketing, as_inner_rule)}});
  return registry;
}

template <class Real>
std::unique_ptr<Aggregator<Real>> make_aggregator(std::string_view text,
                                                  const AggregatorShape& shape) {
  return make_in_precision<Real>(aggregators(), text, shape);
}
template std::unique_ptr<Aggregator<float>> make_aggregator(std::string_view,
                                                            const AggregatorShape&);
template std::unique_ptr<Aggregator<double>> make_aggregator(std::string_view,
                                                             const AggregatorShape&);

AggregatorNeeds aggregator_needs(std::string_view text) {
  const Spec spec = parse_spec(text);
  const auto& entry = aggregators().find(spec.name);
  return entry.make.needs(Arguments(spec, entry.parameters));
}

}  // namespace syncline
