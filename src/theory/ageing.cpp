#include "syncline/ageing.hpp"

#include <algorithm>
#include <cmath>

#include "theory/ageing_of_groups.hpp"

namespace syncline {
namespace {

/// Standard errors of the difference that the grid's few hundred pairs hardly ever exceed by
/// chance.
constexpr double allowed_errors = 4;

/// Compares S(u + t) with S(u) S(t) on a grid of quantiles u, t of the measured values. The largest
/// values are left out: every finite sample seems to end there.
AgeingClass measured_class(const LawView& law) {
  double least_chance = 1;
  double done = 0;
  for (const double atom : law.atoms) {
    const double next = law.law->cdf(atom);
    least_chance = std::min(least_chance, next - done);
    done = next;
  }
  const double samples = 1 / least_chance;
  AgeingClass ageing{true, true, true, allowed_errors};
  const auto survival = [&](double t) { return law.law->survival(t); };
  for (double p = 0.05; p < 0.95; p += 0.05) {
    for (double q = 0.05; q <= p + 1e-9; q += 0.05) {
      const double u = law.law->quantile(p);
      const double t = law.law->quantile(q);
      const double a = survival(u);
      const double b = survival(t);
      const double both = survival(u + t);
      // Delta method; u + t lies beyond u and t, so the three shares are nested.
      const double variance = both * (1 - both) + b * b * a * (1 - a) + a * a * b * (1 - b) +
                              2 * a * b * (std::min(a, b) - a * b) - 2 * b * both * (1 - a) -
                              2 * a * both * (1 - b);
      const double error = std::sqrt(std::max(variance, 0.0) / samples) + 1 / samples / samples;
      if (both - a * b > allowed_errors * error) ageing.nbu = false;
      if (a * b - both > allowed_errors * error) ageing.nwu = false;
    }
  }
  return ageing;
}

AgeingClass law_class(const LawView& law) {
  switch (law.form) {
    case LawForm::exponential:
      return {true, true};
    case LawForm::shifted_exponential:
    case LawForm::uniform:
    case LawForm::constant:
      return {true, false};
    case LawForm::weibull:
    case LawForm::gamma:
      return {law.shape >= 1, law.shape <= 1};
    case LawForm::hyperexponential:
      return {false, true};
    case LawForm::steps:
      return measured_class(law);
    case LawForm::pareto:
    case LawForm::lognormal:
    case LawForm::other:
      break;
  }
  return {};
}

}  // namespace

AgeingClass ageing_class(const DelayLaw& law) { return ageing_of({{view_of(law), 1}}); }

AgeingClass ageing_class(const DelayProfile& fleet) { return ageing_of(groups_of(fleet)); }

AgeingClass ageing_of(const Groups& groups) {
  AgeingClass all{true, true};
  for (const auto& group : groups) {
    const AgeingClass one = law_class(group.law);
    all.nbu = all.nbu && one.nbu;
    all.nwu = all.nwu && one.nwu;
    all.numeric = all.numeric || one.numeric;
    all.tolerance = std::max(all.tolerance, one.tolerance);
  }
  return all;
}

std::string ageing_name(const AgeingClass& ageing) {
  if (ageing.nbu && ageing.nwu) return "both";
  if (ageing.nbu) return "NBU";
  return ageing.nwu ? "NWU" : "neither";
}

std::string ageing_sentence(const AgeingClass& ageing) {
  if (ageing.nbu && ageing.nwu && ageing.numeric) {
    return "The measured times do not show whether cancelling helps here: neither that old jobs "
           "are closer to their end nor that they are further from it is refuted.";
  }
  if (ageing.nbu && ageing.nwu) {
    return "Cancelling neither helps nor harms the time per update here: a job that has run for a "
           "while has as much left as a fresh one.";
  }
  if (ageing.nbu) {
    return "Cancelling wastes work here: a job that has run for a while is closer to its end than "
           "a fresh one.";
  }
  if (ageing.nwu) {
    return "Cancelling helps here: the longer a job has run, the longer it will still take.";
  }
  return "Whether cancelling helps depends on K here: young jobs come closer to their end, old "
         "ones are better started anew, or the workers differ in this.";
}

std::vector<std::string> ageing_orderings(const AgeingClass& ageing) {
  std::vector<std::string> orderings = {
      "k-batch-async(k) <= k-async(k) per update (any law)",
      "k-batch-sync(k) <= k-sync(k) per update (any law)",
  };
  // Of two signs that exclude each other but for exponential times, at most one would be true.
  if (ageing.numeric && ageing.nbu && ageing.nwu) return orderings;
  if (ageing.nbu) {
    orderings.emplace_back("k-async(k) <= k-sync(k) per update (NBU)");
    orderings.emplace_back("k-batch-async(k) <= k-batch-sync(k) per update (NBU)");
  }
  if (ageing.nwu) {
    orderings.emplace_back("k-sync(k) <= k-async(k) per update (NWU)");
    orderings.emplace_back("k-batch-sync(k) <= k-batch-async(k) per update (NWU)");
  }
  return orderings;
}

}  // namespace syncline
