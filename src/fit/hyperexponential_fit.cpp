#include <algorithm>
#include <array>
#include <cmath>

#include "fit/families.hpp"
#include "fit/newton.hpp"

namespace syncline {
namespace {

constexpr int em_steps = 40;
// An exponential law is a hyperexponential one; a gain that rounding could make is none.
constexpr double least_gain = 1e-4;

struct Mixture {
  double chance = 0.5;  ///< of mean1
  double mean1 = 1;
  double mean2 = 1;
};

/// log of a mixture's density (survival function if censored), and the share of component 1.
std::pair<double, double> mixed(const Mixture& m, double time, bool censored) {
  double log1 = std::log(m.chance) - time / m.mean1;
  double log2 = std::log1p(-m.chance) - time / m.mean2;
  if (!censored) {
    log1 -= std::log(m.mean1);
    log2 -= std::log(m.mean2);
  }
  const double larger = std::max(log1, log2);
  const double part = std::exp(log1 - larger);
  const double sum = part + std::exp(log2 - larger);
  return {larger + std::log(sum), part / sum};
}

double likelihood(const Sample& sample, const Mixture& m) {
  double value = 0;
  for (const auto& [time, count] : sample.events()) value += count * mixed(m, time, false).first;
  for (const auto& [time, count] : sample.censored()) value += count * mixed(m, time, true).first;
  return value;
}

/// One step of expectation and maximisation (Dempster, Laird, Rubin, JRSS B 39, 1977). A censored
/// job of either component has that component's whole mean still to go.
Mixture em_step(const Sample& sample, const Mixture& m) {
  std::array<double, 2> complete{};
  std::array<double, 2> time_in{};
  double all = 0;
  double first = 0;
  const auto add = [&](const Weighted& job, bool censored) {
    const double share = mixed(m, job.time, censored).second;
    const std::array<double, 2> parts = {share * job.count, (1 - share) * job.count};
    for (int i = 0; i < 2; ++i) {
      if (!censored) complete[i] += parts[i];
      time_in[i] += parts[i] * job.time;
    }
    all += job.count;
    first += parts[0];
  };
  for (const auto& job : sample.events()) add(job, false);
  for (const auto& job : sample.censored()) add(job, true);
  // Where a component has died out the step stays where it was.
  if (!(complete[0] > 1e-9 && complete[1] > 1e-9)) return m;
  return {std::clamp(first / all, 1e-9, 1 - 1e-9), time_in[0] / complete[0],
          time_in[1] / complete[1]};
}

/// Whether any second component would raise the likelihood of the exponential law. If the gradient
/// towards every other mean is negative, no mixture is better (Lindsay, Ann. Statist. 11, 1983).
bool worth_mixing(const Sample& sample, double mean) {
  for (double log_ratio = -6; log_ratio <= 4; log_ratio += 0.5) {
    const double other = std::exp(log_ratio) * mean;
    const double slope = 1 / mean - 1 / other;
    double gradient = 0;
    for (const auto& [time, count] : sample.events()) {
      gradient += count * (std::exp(time * slope - log_ratio) - 1);
    }
    for (const auto& [time, count] : sample.censored()) {
      gradient += count * std::expm1(time * slope);
    }
    if (gradient > 0) return true;
  }
  return false;
}

Mixture mixture_at(const std::vector<double>& at) {
  return {1 / (1 + std::exp(-at[0])), std::exp(at[1]), std::exp(at[2])};
}

}  // namespace

std::optional<Fitted> fit_hyperexponential(const Sample& sample) {
  const double events = sample.event_count();
  const double mean = sample.exposure() / events;
  if (!worth_mixing(sample, mean)) return std::nullopt;
  const double plain = events * (-std::log(mean) - 1);
  // Starts that differ in how rare and how slow the second component is.
  constexpr std::array<Mixture, 3> starts = {{{0.5, 0.5, 1.5}, {0.8, 0.5, 3}, {0.97, 0.7, 10}}};
  Mixture best;
  double best_value = impossible;
  for (Mixture m : starts) {
    m.mean1 *= mean;
    m.mean2 *= mean;
    for (int step = 0; step < em_steps; ++step) m = em_step(sample, m);
    const double value = likelihood(sample, m);
    if (value > best_value) {
      best = m;
      best_value = value;
    }
  }
  const auto f = [&](const std::vector<double>& at) {
    const Mixture m = mixture_at(at);
    if (!(m.chance > 0 && m.chance < 1 && m.mean1 > 0 && m.mean2 > 0)) return impossible;
    return likelihood(sample, m);
  };
  const double error = 2 / std::sqrt(events);
  const auto found = maximise(
      f, {std::log(best.chance / (1 - best.chance)), std::log(best.mean1), std::log(best.mean2)},
      {error, error, error});
  if (!found || !found->has_errors() || found->value < plain + least_gain) return std::nullopt;
  Mixture m = mixture_at(found->at);
  std::array<double, 3> errors = {found->error(0), found->error(1), found->error(2)};
  double log_odds = found->at[0];
  if (m.mean1 > m.mean2) {
    // Mean1 is the fast component.
    std::swap(m.mean1, m.mean2);
    std::swap(errors[1], errors[2]);
    m.chance = 1 - m.chance;
    log_odds = -log_odds;
  }
  const auto odds = [&](double z) { return 1 / (1 + std::exp(-(log_odds + z * errors[0]))); };
  const double unit = sample.unit();
  Fitted fit{"hyperexponential", found->value - events * std::log(unit), {}};
  fit.parameters.push_back({"p", m.chance, odds(-normal_95), odds(normal_95)});
  fit.parameters.push_back({"mean1", m.mean1 * unit,
                            m.mean1 * unit * std::exp(-normal_95 * errors[1]),
                            m.mean1 * unit * std::exp(normal_95 * errors[1])});
  fit.parameters.push_back({"mean2", m.mean2 * unit,
                            m.mean2 * unit * std::exp(-normal_95 * errors[2]),
                            m.mean2 * unit * std::exp(normal_95 * errors[2])});
  return fit;
}

}  // namespace syncline
