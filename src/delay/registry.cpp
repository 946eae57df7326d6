#include <limits>

#include "delay/laws.hpp"

namespace syncline {
namespace {

constexpr const char* race_paper = "Dutta, Wang, Joshi, arXiv 2003.10579";
constexpr const char* textbook = "Johnson, Kotz, Balakrishnan, Continuous Univariate Distributions";

Parameter required(std::string name, std::string description) {
  return {std::move(name), std::move(description), std::nullopt};
}

std::vector<RegistryEntry<DelayLawFactory>> all_laws() {
  const Parameter rate = required("rate", "jobs per unit of time, above 0");
  const Parameter scale = required("scale", "stretches time, above 0");
  return {
      {"exponential",
       "memoryless: P(X > x) = exp(-rate x), mean 1/rate",
       race_paper,
       {rate},
       make_exponential},
      {"shifted-exponential",
       "a fixed part plus an exponential one, mean shift + 1/rate",
       race_paper,
       {required("shift", "the fixed part, 0 or more"), rate},
       make_shifted_exponential},
      {"pareto",
       "heavy tail: P(X > x) = (scale/x)^shape from scale on; mean only for shape > 1",
       race_paper,
       {required("scale", "the shortest time, above 0"),
        required("shape", "exponent of the tail, above 0; smaller is heavier")},
       make_pareto},
      {"weibull",
       "P(X > x) = exp(-(x/scale)^shape): ages for shape > 1, heavier than exponential below",
       textbook,
       {required("shape", "above 0"), scale},
       make_weibull},
      {"gamma",
       "a sum of `shape` exponential stages of mean `scale`; any shape above 0",
       "textbook; sampled as Marsaglia and Tsang, ACM TOMS 26(3), 2000",
       {required("shape", "above 0"), scale},
       make_gamma},
      {"lognormal",
       "log X is normal: many small causes that multiply; median exp(mu)",
       textbook,
       {required("mu", "mean of log X"), required("sigma", "standard deviation of log X, above 0")},
       make_lognormal},
      {"uniform",
       "evenly between low and high",
       textbook,
       {required("low", "0 or more"), required("high", "above low")},
       make_uniform},
      {"constant",
       "every job takes the same time",
       race_paper,
       {required("value", "above 0")},
       make_constant},
      {"hyperexponential",
       "exponential with mean1 (chance p) or mean2: mostly fast, sometimes very slow",
       race_paper,
       {required("p", "chance of mean1, 0 to 1"), required("mean1", "above 0"),
        required("mean2", "above 0")},
       make_hyperexponential},
      {"empirical",
       "one of your measured times, each with the same chance",
       "Efron, Bootstrap methods, Ann. Statist. 7(1), 1979",
       {required("file", "numbers parted by white space or commas, # comments, or a JSON list")},
       make_empirical},
      {"service-times",
       "given times: the n-th job a worker starts takes its n-th value, then never ends",
       "deterministic schedules, as in the timelines of arXiv 2003.10579",
       {required("file", "JSON object: worker -> list of times")},
       make_service_times},
  };
}

}  // namespace

void DelayLaw::check_workers(std::uint32_t, std::uint32_t) const {}

const Registry<DelayLawFactory>& delay_laws() {
  static const Registry<DelayLawFactory> registry("delay law", all_laws());
  return registry;
}

std::shared_ptr<const DelayLaw> make_delay_law(std::string_view text) {
  const Spec spec = parse_spec(text);
  const auto& entry = delay_laws().find(spec.name);
  auto law = entry.make(Arguments(spec, entry.parameters));
  // Parameters that are fine one by one can still put the law outside what a double holds; its
  // draws would then all be the smallest or the largest number, and the clock would stand still.
  const double median = law->quantile(0.5);
  if (!(median > std::numeric_limits<double>::min() &&
        median < std::numeric_limits<double>::max())) {
    throw ConfigError("'" + to_text(spec) +
                      "': half of its times are too short or too long for a computer's numbers; "
                      "use less extreme parameters");
  }
  return law;
}

}  // namespace syncline
