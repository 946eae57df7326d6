#include "fit/fit_laws.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "fit/families.hpp"
#include "fit/kaplan_meier.hpp"
#include "syncline/delay_law.hpp"
#include "syncline/spec.hpp"

namespace syncline {
namespace {

constexpr std::size_t picture_points = 100;

using Fitter = std::optional<Fitted> (*)(const Sample&);
constexpr std::array<Fitter, 8> fitters = {
    fit_exponential, fit_shifted_exponential, fit_pareto,  fit_weibull,
    fit_gamma,       fit_lognormal,           fit_uniform, fit_hyperexponential};

/// The largest distance between a law and the estimate without one, before and at each step.
double kolmogorov(const DelayLaw& law, const KaplanMeier& observed) {
  double distance = 0;
  double before = 0;
  for (const auto& [time, survival] : observed.steps()) {
    const double expected = law.cdf(time);
    distance = std::max({distance, before - expected, std::fabs(expected - (1 - survival))});
    // Just before the step; a law may jump there itself.
    if (expected - before > distance) {
      distance = std::max(distance, std::fabs(law.cdf(std::nextafter(time, 0.0)) - before));
    }
    before = 1 - survival;
  }
  return distance;
}

/// Enough digits that rounding stays below a thousandth of the interval.
std::string rounded(const LawFit::Parameter& parameter) {
  const double width = parameter.upper - parameter.lower;
  int digits = 17;
  if (std::isinf(width)) {
    digits = 6;
  } else if (width > 0) {
    const double ratio = std::fabs(parameter.value) / width;
    digits = std::clamp(3 + static_cast<int>(std::ceil(std::log10(std::max(ratio, 1.0)))), 4, 17);
  }
  char text[32];
  // The fewest digits that say the same.
  for (int fewer = 1; fewer <= digits; ++fewer) {
    std::snprintf(text, sizeof text, "%.*g", fewer, parameter.value);
    if (std::fabs(std::strtod(text, nullptr) - parameter.value) <=
        0.5 * std::pow(10.0, 1 - digits) * std::fabs(parameter.value)) {
      break;
    }
  }
  return text;
}

/// The law as it can be made again; nullopt if its numbers are outside what the registry takes.
std::optional<LawFit> law_fit(const Fitted& fitted, const KaplanMeier& observed, double events) {
  if (!std::isfinite(fitted.log_likelihood)) return std::nullopt;
  LawFit fit;
  fit.parameters = fitted.parameters;
  fit.law = fitted_text(fitted.family, fitted.parameters);
  fit.log_likelihood = fitted.log_likelihood;
  const auto count = static_cast<double>(fitted.parameters.size());
  fit.aic = 2 * count - 2 * fit.log_likelihood;
  // Censored jobs carry less: BIC counts the complete ones (Volinsky and Raftery, Biometrics 56,
  // 2000).
  fit.bic = count * std::log(events) - 2 * fit.log_likelihood;
  try {
    fit.ks = kolmogorov(*make_delay_law(fit.law), observed);
  } catch (const ConfigError&) {
    return std::nullopt;
  }
  return fit;
}

bool better(const LawFit& a, const LawFit& b) {
  if (a.bic != b.bic) return a.bic < b.bic;
  return a.parameters.size() < b.parameters.size();
}

/// Quantiles of the law beside those of the jobs, as far as the jobs have any.
std::vector<std::pair<double, double>> quantile_pairs(const DelayLaw& law,
                                                      const KaplanMeier& observed) {
  std::vector<std::pair<double, double>> pairs;
  const std::size_t count = std::min(picture_points, observed.steps().size());
  for (std::size_t i = 0; i < count; ++i) {
    const double p = (static_cast<double>(i) + 0.5) / static_cast<double>(count) * observed.reach();
    pairs.emplace_back(law.quantile(p), observed.quantile(p));
  }
  return pairs;
}

}  // namespace

std::string fitted_text(const std::string& family,
                        const std::vector<LawFit::Parameter>& parameters) {
  Spec spec{family, {}};
  for (const auto& parameter : parameters) {
    spec.arguments.push_back({parameter.name, rounded(parameter)});
  }
  return to_text(spec);
}

GroupFit fit_group(std::span<const Timing> jobs, const std::string& who) {
  GroupFit group;
  group.jobs = jobs.size();
  for (const Timing& job : jobs) group.censored += job.censored ? 1 : 0;
  const std::size_t complete = group.jobs - group.censored;
  if (jobs.empty()) {
    group.refusal = who + " has no job in the data";
    return group;
  }
  const Sample sample(jobs);
  const KaplanMeier observed(sample);
  group.mean = observed.restricted_mean();
  if (observed.reach() >= 0.5) group.median = observed.quantile(0.5);
  group.survival = observed.curve(picture_points);
  if (complete < fewest_jobs) {
    group.refusal = who + " has " + std::to_string(complete) + " complete jobs; a fit needs " +
                    std::to_string(fewest_jobs);
    return group;
  }
  if (const auto constant = fit_constant(sample)) {
    // A law with a density has no maximum of likelihood here.
    group.laws.push_back(*law_fit(*constant, observed, sample.event_count()));
  } else if (sample.events().size() < 2) {
    group.refusal =
        who + " has complete jobs of one length only, but cancelled ones that ran longer";
    return group;
  } else {
    for (const Fitter fitter : fitters) {
      const auto fitted = fitter(sample);
      if (!fitted) continue;
      if (auto law = law_fit(*fitted, observed, sample.event_count())) {
        group.laws.push_back(std::move(*law));
      }
    }
  }
  std::stable_sort(group.laws.begin(), group.laws.end(), better);
  const auto law = make_delay_law(group.laws.front().law);
  group.mean = law->mean();
  group.qq = quantile_pairs(*law, observed);
  return group;
}

const LawFit* find_family(const GroupFit& group, std::string_view family) {
  for (const LawFit& fit : group.laws) {
    if (fit.law.substr(0, fit.law.find('(')) == family) return &fit;
  }
  return nullptr;
}

}  // namespace syncline
