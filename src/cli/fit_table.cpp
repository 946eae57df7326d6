#include "cli/fit_table.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "report/text_columns.hpp"

namespace syncline {
namespace {

constexpr std::size_t most_laws = 4;
constexpr std::size_t most_workers = 32;
constexpr std::size_t width = 100;

std::string number(double value, const char* format = "%.4g") {
  char text[32];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

std::string laws_table(const GroupFit& group, bool colour) {
  TextColumns table({"law", "BIC", "AIC", "log-likelihood", "KS"});
  for (std::size_t i = 0; i < group.laws.size() && i < most_laws; ++i) {
    const LawFit& law = group.laws[i];
    table.add({law.law, number(law.bic, "%.1f"), number(law.aic, "%.1f"),
               number(law.log_likelihood, "%.1f"), number(law.ks, "%.4f")});
  }
  return table.text(colour);
}

std::string parameters_table(const LawFit& law, bool colour) {
  TextColumns table({"best law", "value", "95 % from", "to"});
  for (const auto& parameter : law.parameters) {
    table.add({parameter.name, number(parameter.value, "%.6g"), number(parameter.lower, "%.6g"),
               number(parameter.upper, "%.6g")});
  }
  return table.text(colour);
}

/// Of many workers only those that stand out, then the first ones.
std::vector<const WorkerFit*> shown_workers(const FleetFit& fit) {
  std::vector<const WorkerFit*> workers;
  for (const auto& worker : fit.workers) workers.push_back(&worker);
  if (workers.size() <= most_workers) return workers;
  std::stable_partition(workers.begin(), workers.end(),
                        [](const WorkerFit* worker) { return worker->behaviour != "steady"; });
  workers.resize(most_workers);
  std::sort(workers.begin(), workers.end(),
            [](const WorkerFit* a, const WorkerFit* b) { return a->worker < b->worker; });
  return workers;
}

std::string workers_table(const FleetFit& fit, bool colour) {
  TextColumns table({"worker", "jobs", "cancelled", "mean", "slowdown", "behaviour", "best law"});
  for (const WorkerFit* worker : shown_workers(fit)) {
    const GroupFit& own = worker->fit;
    table.add({std::to_string(worker->worker) + (worker->straggler ? " (straggler)" : ""),
               std::to_string(own.jobs), std::to_string(own.censored), number(own.mean),
               number(worker->slowdown, "%.2f"), worker->behaviour,
               own.laws.empty() ? "-" : own.laws.front().law});
  }
  std::string text = table.text(colour);
  if (fit.workers.size() > most_workers) {
    text += "  ... " + std::to_string(fit.workers.size()) + " workers (--json prints all)\n";
  }
  return text;
}

}  // namespace

std::string fit_table(const FleetFit& fit, bool colour) {
  const GroupFit& pooled = fit.pooled;
  std::string text = std::to_string(pooled.jobs) + " jobs of " +
                     std::to_string(fit.workers.size()) + " workers, " +
                     std::to_string(pooled.censored) + " of them cancelled\n";
  if (!pooled.laws.empty()) {
    text += "\nAll workers together\n" + laws_table(pooled, colour) + "\n" +
            parameters_table(pooled.laws.front(), colour);
  }
  text += "\nWorker by worker\n" + workers_table(fit, colour);
  if (!fit.findings.empty()) text += "\nFindings\n";
  for (const auto& finding : fit.findings) text += wrap_text(finding, width, 2);
  text += "\nThis fleet\n  --workers " + std::to_string(fit.workers.size()) + " --delay \"" +
          fit.profile + "\"\n";
  if (fit.slow_states && fit.slow_states->workers.size() == fit.workers.size()) {
    text += "or, with the slow state apart\n  --workers " + std::to_string(fit.workers.size()) +
            " --delay \"" + fit.slow_states->delay + "\" --slowness \"" +
            fit.slow_states->slowness + "\"\n";
  }
  return text;
}

}  // namespace syncline
