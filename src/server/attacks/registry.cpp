
#include <nlohmann/json.hpp>

#include "base/both_precisions.hpp"
#include "server/attacks/label_flip.hpp"
#include "server/attacks/not_a_number.hpp"
#include "server/attacks/omniscient.hpp"
#include "server/attacks/random.hpp"
#include "server/attacks/reversal.hpp"

namespace syncline {
namespace {

template <template <class> class Kind>
AttackFactory both() {
  return in_both_precisions<AttackFactory, Kind>();
}

AttackFactory nothing() {
  return {[](const Arguments&, const AggregatorShape&, std::uint32_t) {
            return std::unique_ptr<Attack<float>>();
          },
          [](const Arguments&, const AggregatorShape&, std::uint32_t) {
            return std::unique_ptr<Attack<double>>();
          }};
}

/// Who is bad comes first.
std::vector<Parameter> with(std::vector<Parameter> own) {
  std::vector<Parameter> all = bad_worker_parameters();
  all.insert(all.end(), own.begin(), own.end());
  return all;
}

}  // namespace

template <class Real>
nlohmann::json Attack<Real>::state() const {
  return nullptr;
}
template class Attack<float>;
template class Attack<double>;

const Registry<AttackFactory>& attacks() {
  static const Registry<AttackFactory> registry(
      "attack",
      {{"none", "all workers are honest", "", {}, nothing()},
       {"sign-flip", "-g", "the usual textbook", with({}), both<SignFlip>()},
       {"reversal", "-scale g", "the usual textbook", with({{"scale", "how far, above 0", "10"}}),
        both<Reversal>()},
       {"random", "normal numbers in place of g", "the usual textbook",
        with({{"deviation", "their standard deviation, above 0", "1"}}), both<RandomAttack>()},
       {"a-little-is-enough", "mean - z sigma of the honest gradients, per coordinate",
        "Baruch et al., arXiv 1902.06156",
        with({{"z", "standard deviations from the mean", "1.5"}}), both<LittleIsEnough>()},
       {"inner-product", "-epsilon times the mean of the honest gradients",
        "Xie et al., arXiv 1903.03936", with({{"epsilon", "how far, above 0", "1.1"}}),
        both<InnerProduct>()},
       {"label-flip", "the gradient of labels classes - 1 - y in place of y", "the usual textbook",
        with({}), both<LabelFlip>()},
       {"flooding", "-g, rho times as often", "THROTTLE: Otsuka et al., Soft Throttling, 2026",
        with({{"rho", "how many times as fast as its delay law, above 0", "10"}}),
        both<Flooding>()},
       {"nan", "NaN in place of g", "a worker out of order", with({}), both<NotANumber>()}});
  return registry;
}

template <class Real>
std::unique_ptr<Attack<Real>> make_attack(std::string_view text, const AggregatorShape& shape,
                                          std::uint32_t workers) {
  return make_in_precision<Real>(attacks(), text, shape, workers);
}
template std::unique_ptr<Attack<float>> make_attack(std::string_view, const AggregatorShape&,
                                                    std::uint32_t);
template std::unique_ptr<Attack<double>> make_attack(std::string_view, const AggregatorShape&,
                                                     std::uint32_t);

}  // namespace syncline
