#include "theory/law_view.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "syncline/error.hpp"
#include "syncline/spec.hpp"

namespace syncline {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// All values of a law without density, by walking its quantile function from jump to jump.
std::vector<double> all_atoms(const DelayLaw& law) {
  std::vector<double> atoms = {law.quantile(std::numeric_limits<double>::min())};
  double done = law.cdf(atoms.back());
  while (done < 1) {
    const double next = std::nextafter(done, 2);
    // The last value may have a chance that is lost beside 1.
    if (!(next < 1)) break;
    const double value = law.quantile(next);
    if (!(value > atoms.back())) throw InternalError(law.text() + ": quantiles do not rise");
    atoms.push_back(value);
    done = law.cdf(value);
  }
  return atoms;
}

void set_exponential(LawView& view, double shift, double scale) {
  view.form = shift > 0 ? LawForm::shifted_exponential : LawForm::exponential;
  view.shift = shift;
  view.scale = scale;
}

}  // namespace

LawView view_of(const DelayLaw& law) {
  LawView view;
  view.law = &law;
  view.mean = law.mean();
  view.variance = law.variance();
  view.tail_exponent = infinity;
  const Spec spec = parse_spec(law.text());
  const auto number = [&](const char* name) {
    for (const auto& [key, value] : spec.arguments) {
      if (key == name) return parse_number(value, name);
    }
    throw InternalError(law.text() + " names no '" + name + "'");
  };
  if (spec.name == "exponential") {
    set_exponential(view, 0, view.mean);
  } else if (spec.name == "shifted-exponential") {
    set_exponential(view, number("shift"), 1 / number("rate"));
  } else if (spec.name == "pareto") {
    view.form = LawForm::pareto;
    view.scale = number("scale");
    view.tail_exponent = view.shape = number("shape");
  } else if (spec.name == "weibull" || spec.name == "gamma") {
    view.shape = number("shape");
    view.scale = number("scale");
    if (view.shape == 1) {
      set_exponential(view, 0, view.mean);
    } else {
      view.form = spec.name == "weibull" ? LawForm::weibull : LawForm::gamma;
    }
  } else if (spec.name == "lognormal") {
    view.form = LawForm::lognormal;
    view.mu = number("mu");
    view.sigma = number("sigma");
  } else if (spec.name == "uniform") {
    view.form = LawForm::uniform;
    view.shift = number("low");
    view.scale = number("high") - view.shift;
  } else if (spec.name == "hyperexponential") {
    view.form = LawForm::hyperexponential;
    view.chance = number("p");
    view.mean1 = number("mean1");
    view.mean2 = number("mean2");
    const bool one = view.chance == 0 || view.chance == 1 || view.mean1 == view.mean2;
    if (one) set_exponential(view, 0, view.mean);
  } else if (spec.name == "constant" || spec.name == "empirical" || spec.name == "service-times") {
    view.atoms = all_atoms(law);
    view.form = view.atoms.size() == 1 ? LawForm::constant : LawForm::steps;
  }
  return view;
}

Groups groups_of(const DelayProfile& fleet) {
  Groups groups;
  for (const auto& [count, law] : fleet.groups()) {
    const std::string text = law->text();
    const auto same = std::find_if(groups.begin(), groups.end(), [&](const WorkerGroup& group) {
      return group.law.law == law.get() || group.law.law->text() == text;
    });
    if (same == groups.end()) {
      groups.push_back({view_of(*law), count});
    } else {
      same->count += count;
    }
  }
  return groups;
}

std::uint64_t worker_count(const Groups& groups) {
  std::uint64_t workers = 0;
  for (const auto& group : groups) workers += group.count;
  return workers;
}

double total_rate(const Groups& groups) {
  double rate = 0;
  for (const auto& group : groups) rate += static_cast<double>(group.count) / group.law.mean;
  return rate;
}

bool all_exponential(const Groups& groups) {
  return std::all_of(groups.begin(), groups.end(),
                     [](const WorkerGroup& group) { return group.law.exponential(); });
}

Groups finite_means(const Groups& groups) {
  Groups finite;
  for (const auto& group : groups) {
    if (std::isfinite(group.law.mean)) finite.push_back(group);
  }
  return finite;
}

double order_tail_exponent(const Groups& groups, std::uint64_t k) {
  std::vector<std::pair<double, std::uint64_t>> exponents;
  for (const auto& group : groups) exponents.emplace_back(group.law.tail_exponent, group.count);
  std::sort(exponents.begin(), exponents.end());
  std::uint64_t wanted = worker_count(groups) - k + 1;
  double sum = 0;
  for (const auto& [exponent, count] : exponents) {
    const std::uint64_t taken = std::min(count, wanted);
    if (taken > 0) sum += exponent * static_cast<double>(taken);
    wanted -= taken;
  }
  return sum;
}

}  // namespace syncline
