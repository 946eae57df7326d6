#include "fit/findings.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include "fit/fit_laws.hpp"

namespace syncline {
namespace {

constexpr std::size_t most_listed = 8;

std::string family_of(const std::string& law) { return law.substr(0, law.find('(')); }

std::string capital(std::string text) {
  text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

std::string named(const std::vector<std::uint32_t>& workers) {
  return (workers.size() == 1 ? "worker " : "workers ") + list_workers(workers);
}

void describe_equality(const FleetFit& fit, std::vector<std::string>& findings) {
  const std::string p = "p = " + short_number(fit.alike_p_value);
  if (fit.workers.size() < 2) return;
  if (fit.alike) {
    findings.push_back("No sign that the workers differ (" + p + "): one law for all.");
    return;
  }
  findings.push_back("The workers differ (" + p + "): " + std::to_string(fit.groups.size()) +
                     " groups, each with a law of its own.");
}

void describe_law(const GroupFit& pooled, std::vector<std::string>& findings) {
  if (pooled.laws.empty()) return;
  const LawFit& best = pooled.laws.front();
  if (family_of(best.law) == "constant") {
    findings.push_back("All jobs take the same time.");
    return;
  }
  std::string text = "The best law is " + best.law + ".";
  if (pooled.laws.size() > 1 && pooled.laws[1].bic - best.bic < 6) {
    text += " " + capital(family_of(pooled.laws[1].law)) + " fits nearly as well (BIC " +
            short_number(pooled.laws[1].bic - best.bic) + " apart): these data don't decide.";
  }
  // Kolmogorov's 1 % point; the fitted parameters make it a mild test.
  const auto n = static_cast<double>(pooled.jobs - pooled.censored);
  if (pooled.censored == 0 && best.ks > 1.63 / std::sqrt(n)) {
    text += " But it is no close fit (distance " + short_number(best.ks) +
            "): empirical(file=...) may serve better.";
  }
  findings.push_back(text);
}

/// The exponent of the heaviest Pareto law of any group; infinity without one.
double heaviest_shape(const FleetFit& fit) {
  double shape = std::numeric_limits<double>::infinity();
  for (const auto& group : fit.groups) {
    const LawFit* pareto = find_family(group.fit, "pareto");
    if (pareto != nullptr && group.law == pareto->law) {
      shape = std::min(shape, pareto->parameters[1].value);
    }
  }
  return shape;
}

void describe_tail(const FleetFit& fit, std::vector<std::string>& findings) {
  const double shape = heaviest_shape(fit);
  if (shape <= 1) {
    findings.push_back("The tail is so heavy (Pareto shape " + short_number(shape) +
                       ") that the law has no mean: to wait for all workers may take for ever.");
  } else if (shape <= 2) {
    findings.push_back("The tail is heavy (Pareto shape " + short_number(shape) +
                       "): the law has no variance, and averages settle slowly.");
  }
  if (!std::isinf(shape) && fit.tail) {
    findings.push_back("The longest " + std::to_string(fit.tail->longest) +
                       " jobs alone suggest a power law with exponent " +
                       short_number(fit.tail->value) + " (" + short_number(fit.tail->lower) +
                       " to " + short_number(fit.tail->upper) + ").");
  }
}

void describe_stragglers(const FleetFit& fit, std::vector<std::string>& findings) {
  std::vector<const WorkerFit*> slow;
  for (const auto& worker : fit.workers) {
    if (worker.straggler) slow.push_back(&worker);
  }
  std::sort(slow.begin(), slow.end(),
            [](const WorkerFit* a, const WorkerFit* b) { return a->slowdown > b->slowdown; });
  for (std::size_t i = 0; i < slow.size() && i < most_listed; ++i) {
    const WorkerFit& worker = *slow[i];
    const std::string name = "Worker " + std::to_string(worker.worker);
    if (std::isinf(worker.slowdown)) {
      findings.push_back(name + " is a straggler: it has not finished a single job.");
    } else if (worker.behaviour == "slow in bursts") {
      findings.push_back(name + " is a straggler: slow in bursts, " +
                         short_number(worker.slowdown) + " times the fleet's median on the whole.");
    } else {
      findings.push_back(name + " is a straggler: " + worker.behaviour + ", " +
                         short_number(worker.slowdown) + " times the fleet's median.");
    }
  }
  if (slow.size() > most_listed) {
    findings.push_back("And " + std::to_string(slow.size() - most_listed) +
                       " more stragglers, less slow.");
  }
}

void describe_order(const FleetFit& fit, std::vector<std::string>& findings) {
  if (fit.slow_states) {
    const SlowStates& slow = *fit.slow_states;
    const bool all = slow.workers.size() == fit.workers.size();
    findings.push_back(
        (all ? "All workers turn"
             : capital(named(slow.workers)) + (slow.workers.size() == 1 ? " turns" : " turn")) +
        " slow and recover: " + short_number(slow.factor) + " times slower for a mean time of " +
        short_number(slow.mean_slow) + ", normal for " + short_number(slow.mean_normal) +
        ". Jobs are then not independent, and intervals are too narrow.");
  }
  std::vector<std::uint32_t> slower;
  std::vector<std::uint32_t> faster;
  double factor = 1;
  for (const auto& worker : fit.workers) {
    if (worker.behaviour != "drifting") continue;
    (worker.drift.factor > 1 ? slower : faster).push_back(worker.worker);
    if (std::fabs(std::log(worker.drift.factor)) > std::fabs(std::log(factor))) {
      factor = worker.drift.factor;
    }
  }
  if (slower.empty() && faster.empty()) return;
  std::string text;
  if (!slower.empty()) {
    text = capital(named(slower)) + (slower.size() == 1 ? " gets" : " get") + " slower";
  }
  if (!faster.empty()) {
    text += text.empty() ? capital(named(faster)) : ", " + named(faster);
    text += std::string(faster.size() == 1 ? " gets" : " get") + " faster";
  }
  findings.push_back(text + " with time; at most, the last quarter of jobs took " +
                     short_number(factor) +
                     " times as long as the first. One law for the whole time is then an average.");
}

}  // namespace

std::string short_number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", value);
  return text;
}

std::string list_workers(const std::vector<std::uint32_t>& workers) {
  std::string text;
  const std::size_t shown = std::min(workers.size(), most_listed);
  for (std::size_t i = 0; i < shown; ++i) {
    if (i > 0) text += i + 1 == workers.size() ? " and " : ", ";
    text += std::to_string(workers[i]);
  }
  if (shown < workers.size()) text += " and " + std::to_string(workers.size() - shown) + " more";
  return text;
}

std::vector<std::string> describe(const FleetFit& fit) {
  std::vector<std::string> findings;
  describe_equality(fit, findings);
  if (fit.alike) describe_law(fit.pooled, findings);
  describe_stragglers(fit, findings);
  describe_order(fit, findings);
  describe_tail(fit, findings);
  if (fit.pooled.jobs > 0 && fit.pooled.censored * 2 > fit.pooled.jobs) {
    findings.push_back(
        "More than half of the jobs were cancelled: what is said of long jobs is "
        "the law's word, not the data's.");
  }
  return findings;
}

}  // namespace syncline
