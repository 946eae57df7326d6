#include "base/both_precisions.hpp"
#include "server/transforms/clip.hpp"
#include "server/transforms/delay_compensation.hpp"
#include "server/transforms/interpolation.hpp"

namespace syncline {
namespace {

template <template <class> class Kind>
TransformFactory both() {
  return in_both_precisions<TransformFactory, Kind>();
}

TransformFactory nothing() {
  return {[](const Arguments&, std::size_t) { return std::unique_ptr<Transform<float>>(); },
          [](const Arguments&, std::size_t) { return std::unique_ptr<Transform<double>>(); }};
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
        both<Interpolation>()}});
  return registry;
}

template <class Real>
std::unique_ptr<Transform<Real>> make_transform(std::string_view text, std::size_t dimension) {
  return make_in_precision<Real>(transforms(), text, dimension);
}
template std::unique_ptr<Transform<float>> make_transform(std::string_view, std::size_t);
template std::unique_ptr<Transform<double>> make_transform(std::string_view, std::size_t);

}  // namespace syncline
