// The texts of specs, `exponential(rate=1)`: their syntax, and the registries of laws, policies and
// codecs.

#include <nlohmann/json.hpp>

#include "codec/layouts.hpp"
#include "spec_kinds.hpp"
#include "syncline/codec.hpp"
#include "syncline/delay_law.hpp"
#include "syncline/error.hpp"
#include "syncline/policy.hpp"
#include "syncline/slowness.hpp"
#include "targets/entries.hpp"

namespace syncline::fuzz {
namespace {

constexpr std::uint32_t workers = 8;

void check_law(const std::string& text) {
  const auto law = make_delay_law(text);
  promise(make_delay_law(law->text())->text() == law->text(), "a law's text is one of a law");
  for (const std::uint64_t job : {0, 1, 2}) {
    promise(law->sample({1, 0, job}) > 0, "durations are above 0");
  }
  promise(law->mean() > 0 && !(law->variance() < 0), "mean and variance");
  for (const double p : {0.01, 0.5, 0.99}) {
    const double x = law->quantile(p);
    promise(x >= 0 && law->cdf(x) >= 0 && law->cdf(x) <= 1, "quantiles and their chances");
  }
}

void check_fleet(const std::string& text) {
  const DelayProfile fleet = DelayProfile::parse(text, workers);
  promise(fleet.workers() == workers, "a law for each worker");
  promise(DelayProfile::parse(fleet.text(), workers).text() == fleet.text(),
          "a fleet's text is one of a fleet");
}

void check_policy(const std::string& text) {
  PolicyContext context;
  context.workers = workers;
  context.runtimes = [](const std::string&, std::uint64_t k_max) {
    std::vector<double> runtimes(k_max);
    for (std::size_t i = 0; i < runtimes.size(); ++i) runtimes[i] = static_cast<double>(i + 1);
    return runtimes;
  };
  const auto policy = make_policy(text, context);
  const auto state = policy->state();
  policy->restore(nlohmann::json::parse(state.dump()));
  promise(policy->state() == state, "a policy is restored as it was");
}

void check_slowness(const std::string& text) {
  const auto slowness = Slowness::parse(text);
  promise(
      !slowness || (slowness->mean_normal > 0 && slowness->mean_slow > 0 && slowness->factor >= 1),
      "slowness in its range");
}

void check_codec(const std::string& text) {
  make_both([&](auto real) { return make_codec<decltype(real)>(text, testing::tiny_net()); });
}

using Texts = std::vector<std::string>;

const SpecKind kinds[] = {
    {"delay", check_law, [] { return texts_of(delay_laws()); }},
    {"fleet", check_fleet, [] { return Texts{"4*exponential(rate=1),4*constant(value=2)"}; }, true},
    {"policy", check_policy, [] { return texts_of(policies()); }},
    {"slowness", check_slowness,
     [] { return Texts{"markov(mean_normal=100, mean_slow=20, factor=5)"}; }},
    {"codec", check_codec, [] { return texts_of(codecs()); }}};

void take(std::string_view input) { take_spec(kinds, input); }

// Some need more than defaults: a file, or arguments that fit each other.
std::vector<std::string> seeds() { return accepted(spec_target, all_specs(kinds)); }

}  // namespace

const Target spec_target{"spec", "a spec after the name of its kind", take, seeds};

}  // namespace syncline::fuzz
