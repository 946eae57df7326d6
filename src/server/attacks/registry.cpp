#include <type_traits>

#include <nlohmann/json.hpp>

#include "server/attacks/not_a_number.hpp"
#include "server/attacks/omniscient.hpp"
#include "server/attacks/random.hpp"
#include "server/attacks/reversal.hpp"

namespace syncline {
namespace {

template <template <class> class Kind>
AttackFactory factory() {
  return {[](const Arguments& arguments, const AggregatorShape& shape, std::uint32_t workers) {
            return std::make_unique<Kind<float>>(arguments, shape, workers);
          },
          [](const Arguments& arguments, const AggregatorShape& shape, std::uint32_t workers) {
            return std::make_unique<Kind<double>>(arguments, shape, workers);
          }};
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
       {"sign-flip", "-g", "the usual textbook", with({}), factory<SignFlip>()},
       {"reversal", "-scale g", "the usual textbook", with({{"scale", "how far, above 0", "10"}}),
        factory<Reversal>()},
       {"random", "normal numbers in place of g", "the usual textbook",
        with({{"deviation", "their standard deviation, above 0", "1"}}), factory<RandomAttack>()},
       {"a-little-is-enough", "mean - z sigma of the honest gradients, per coordinate",
        "Baruch et al., arXiv 1902.06156",
        with({{"z", "standard deviations from the mean", "1.5"}}), factory<LittleIsEnough>()},
       {"inner-product", "-epsilon times the mean of the honest gradients",
        "Xie et al., arXiv 1903.03936", with({{"epsilon", "how far, above 0", "1.1"}}),
        factory<InnerProduct>()},
       {"nan", "NaN in place of g", "a worker out of order", with({}), factory<NotANumber>()}});
  return registry;
}

template <class Real>
std::unique_ptr<Attack<Real>> make_attack(std::string_view text, const AggregatorShape& shape,
                                          std::uint32_t workers) {
  const Spec spec = parse_spec(text);
  const auto& entry = attacks().find(spec.name);
  const Arguments arguments(spec, entry.parameters);
  if constexpr (std::is_same_v<Real, float>) {
    return entry.make.single(arguments, shape, workers);
  } else {
    return entry.make.full(arguments, shape, workers);
  }
}
template std::unique_ptr<Attack<float>> make_attack(std::string_view, const AggregatorShape&,
                                                    std::uint32_t);
template std::unique_ptr<Attack<double>> make_attack(std::string_view, const AggregatorShape&,
                                                     std::uint32_t);

}  // namespace syncline
