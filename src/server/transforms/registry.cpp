#include "base/both_precisions.hpp"
#include "server/transforms/clip.hpp"
#include "server/transforms/delay_compensation.hpp"
#include "server/transforms/interpolation.hpp"
#include "server/transforms/round_clip.hpp"

namespace syncline {
namespace {

template <template <class> class Kind>
TransformFactory both() {
  return in_both_precisions<TransformFactory, Kind>();
}

TransformFactory nothing() {
  return {
      [](const Arguments&, const TransformShape&) { return std::unique_ptr<Transform<float>>(); },
      [](const Arguments&, const TransformShape&) { return std::unique_ptr<Transform<double>>(); }};
}

}  // namespace

const Registry<TransformFactory>& transforms() {
  static const Registry<TransformFactory> registry(
      "transform",
      {{"none", "gradients as they arrive", "", {}, nothing()},
       {"clip",
        "shortens a gradient to a norm",
        "clipped ASGD: arXiv 2606.13287",
        {{"norm", "the longest norm, above 0", std::nullopt}},
        both<Clip>()},
       {"median-clip",
        "shortens a gradient to a multiple of the median of the last norms",
        "clipped ASGD: arXiv 2606.13287, with a norm that nobody need choose",
        {{"window", "how many norms", "100"}, {"factor", "times their median", "1"}},
        both<MedianClip>()},
       {"delay-compensation",
        "g + lambda g g (w_now - w_read), elementwise",
        "DC-ASGD-c: Zheng et al., arXiv 1609.08326",
        {{"lambda", "how much, 0 or more", "0.04"}},
        both<DelayCompensation>()},
       {"adaptive-delay-compensation",
        "the same with lambda over the root mean square of g, elementwise",
        "DC-ASGD-a: Zheng et al., arXiv 1609.08326",
        {{"lambda", "how much, 0 or more", "2"}, {"decay", "of the running mean", "0.95"}},
        both<AdaptiveDelayCompensation>()},
       {"interpolation",
        "a displacement of local steps, taken from the present version instead of the one read",
        "FedAsync: Xie, Koyejo, Gupta, arXiv 1903.03934",
        {},
        both<Interpolation>()},
       {"round-clip",
        "in rounds: near the mean of the last round for a worker's first gradient, short for "
        "others",
        "THROTTLE: Otsuka, Takezawa, Meyer, Koloskova, Yamada, Soft Throttling, 2026",
        {{"radius", "above 0; the longest norm of an honest gradient", std::nullopt}},
        both<RoundClip>()}});
  return registry;
}

template <class Real>
std::unique_ptr<Transform<Real>> make_transform(std::string_view text,
                                                const TransformShape& shape) {
  return make_in_precision<Real>(transforms(), text, shape);
}
template std::unique_ptr<Transform<float>> make_transform(std::string_view, const TransformShape&);
template std::unique_ptr<Transform<double>> make_transform(std::string_view, const TransformShape&);

}  // namespace syncline
