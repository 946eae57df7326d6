#include "fig07_claims.hpp"

#include <algorithm>
#include <cmath>

#include "fig07_runs.hpp"
#include "words.hpp"

namespace syncline::repro::fig07 {
namespace {

enum { async_place = 0, sync_place = 3 };

double trained_at(const Json& computed, std::size_t place, std::size_t evaluation) {
  return computed.at("trained").at(place).at("mean").at(evaluation);
}

std::size_t evaluations(const Json& computed) { return computed.at("time").size(); }

Claim bounds_cross(const Json& computed) {
  const ErrorCurve async = bound_of(computed, 1), sync = bound_of(computed, workers);
  const std::vector<double> times = crossings(async, sync);
  const bool once = times.size() == 1;
  const double early = 20;
  return {
      "With the same step size the bound of async is below that of sync at first and above it "
      "in the end",
      "paper",
      once && async.at(early) < sync.at(early) && async.at(training_ends) > sync.at(training_ends),
      "time 20: " + number(async.at(early), 3) + " against " + number(sync.at(early), 3) +
          "; they cross once, at " + number(once ? times[0] : std::nan(""), 3) + "; floors " +
          number(async.bound.floor, 3) + " against " + number(sync.bound.floor, 3)};
}

Claim floors(const Json& computed) {
  const double bounds = bound_of(computed, 1).bound.floor / bound_of(computed, workers).bound.floor;
  const double gamma = computed.at("gamma").at(0);
  const double formula = workers / (1 - gamma + 0.5 / workers);
  const double trained = trained_floor(computed, async_place) / trained_floor(computed, sync_place);
  return {
      "The floor of async is P / (1 - gamma + p0/2) times that of sync, at most that in training",
      "theory", std::abs(bounds / formula - 1) < 1e-6 && trained > 1 && trained < formula,
      "bounds: " + number(bounds, 3) + ", gamma = " + number(gamma, 3) +
          "; training: " + number(trained, 3)};
}

Claim envelope(const Json& computed) {
  std::vector<ErrorCurve> curves;
  for (std::uint64_t k = 1; k <= workers; ++k) curves.push_back(bound_of(computed, k));
  bool rising = true;
  std::string evidence;
  std::size_t last = 0;
  for (const EnvelopePiece& piece : lower_envelope(curves)) {
    rising = rising && piece.index >= last;
    last = piece.index;
    evidence += "K = " + std::to_string(piece.index + 1) + " from " + number(piece.begin, 3) + ", ";
  }
  evidence.resize(evidence.size() - 2);
  return {"The K of the lowest bound rises with time, from 1 to P: there is something to adapt",
          "paper", rising && last + 1 == workers, evidence};
}

Claim below_bounds(const Json& computed) {
  double worst = 0;
  int at = 0;
  double when = 0;
  for (std::size_t place = 0; place < std::size(trained_k); ++place) {
    const ErrorCurve bound = bound_of(computed, static_cast<std::uint64_t>(trained_k[place]));
    for (std::size_t i = 1; i < evaluations(computed); ++i) {
      const double error = computed.at("trained").at(place).at("stderr").at(i);
      const double t = computed.at("time").at(i);
      const double share = (trained_at(computed, place, i) + 3 * error) / bound.at(t);
      if (share > worst) worst = share, at = trained_k[place], when = t;
    }
  }
  return {
      "The mean error in training, with three standard errors added, is below the bound at "
      "every evaluation for K = 1, 2, 4, 8",
      "theory", worst < 1,
      std::to_string(4 * (evaluations(computed) - 1)) +
          " evaluations; closest: " + percent(worst, 0) +
          " of the bound, K = " + std::to_string(at) + ", time " + number(when)};
}

/// The first evaluation from which on a larger K stays below a smaller one for five evaluations.
double overtakes(const Json& computed, std::size_t larger, std::size_t smaller) {
  std::size_t run = 0;
  for (std::size_t i = 1; i < evaluations(computed); ++i) {
    run = trained_at(computed, larger, i) < trained_at(computed, smaller, i) ? run + 1 : 0;
    if (run == 5) return computed.at("time").at(i - 4);
  }
  return std::nan("");
}

Claim trained_order(const Json& computed) {
  std::vector<double> times;
  std::string evidence;
  for (std::size_t place = 1; place < std::size(trained_k); ++place) {
    times.push_back(overtakes(computed, place, place - 1));
    evidence += (place == 1 ? "" : ", ") + std::string("K = ") + std::to_string(trained_k[place]) +
                " overtakes K = " + std::to_string(trained_k[place - 1]) + " at " +
                number(times.back(), 3);
  }
  const std::vector<double> crossing =
      crossings(bound_of(computed, 1), bound_of(computed, workers));
  const double sync = overtakes(computed, sync_place, async_place);
  return {
      "So it is in training: the best K rises with time, and sync overtakes async, earlier than "
      "the bounds cross",
      "here",
      times[0] < times[1] && times[1] < times[2] && crossing.size() == 1 && sync < crossing[0],
      evidence + "; sync overtakes async at " + number(sync, 3)};
}

std::string outcome(const Json& run) {
  const std::string text = "eta = " + number(run.at("step_size").get<double>()) + ": ";
  if (run.at("outcome") == "diverged") {
    return text + "infinite at update " + run.at("updates").dump();
  }
  return text + "error " + number(run.at("error").get<double>(), 2) + " after " +
         run.at("updates").dump() + " updates";
}

Claim printed_limit(const Json& computed) {
  const Json& runs = computed.at("exact");
  return {"Theorem 3 allows step sizes up to max(1/c, 1/(2L(M_G/(Km) + 1/K)))", "paper",
          runs.at(1).at("outcome") != "diverged" && runs.at(2).at("outcome") != "diverged",
          "K = P = 8, exact gradients, so that 1/(2L/K) = 4 and 1/c = 5. " + outcome(runs.at(1)) +
              "; " + outcome(runs.at(2)),
          false};
}

Claim corrected_limit(const Json& computed) {
  const Json& run = computed.at("exact").at(0);
  ErrorConstants constants;
  constants.step_size = run.at("step_size");
  constants.smoothness = 1;
  constants.convexity = convexity;
  constants.initial_gap = computed.at("initial_gap");
  const double limit = step_size_limit(VariantFamily::k_sync, workers, constants);
  const double bound =
      error_bound(VariantFamily::k_sync, workers, constants).after(run.at("updates").get<double>());
  return {
      "At the corrected limit, min(1/c, 1/(2L(M_G/(Km) + 1))), the same run stays below its "
      "bound",
      "here", limit == constants.step_size && run.at("error").get<double>() <= bound,
      outcome(run) + "; bound " + number(bound, 2)};
}

Claim per_iteration(const Json& computed) {
  ErrorConstants constants;
  constants.step_size = step_size;
  constants.smoothness = 1;
  constants.convexity = convexity;
  constants.initial_gap = computed.at("initial_gap");
  constants.p0 = 1;  // nothing is stale
  const double async = error_bound(VariantFamily::k_async, workers, constants).rate;
  const double sync = error_bound(VariantFamily::k_sync, workers, constants).rate;
  return {
      "That p0/2 > gamma would make K-async better per update than K-sync is an artefact: for K "
      "= P, which is one algorithm, Theorem 3 gives a faster decay than Lemma 2",
      "here", async > sync * 1.4,
      "gamma = 0, p0 = 1: decay per update " + number(async) + " against " + number(sync)};
}

}  // namespace

double trained_floor(const Json& computed, std::size_t place) {
  const std::size_t first = 2 * evaluations(computed) / 3;
  double sum = 0;
  for (std::size_t i = first; i < evaluations(computed); ++i) {
    sum += trained_at(computed, place, i);
  }
  return sum / static_cast<double>(evaluations(computed) - first);
}

std::vector<Claim> claims(const Json& computed) {
  return {bounds_cross(computed),    floors(computed),        envelope(computed),
          below_bounds(computed),    trained_order(computed), printed_limit(computed),
          corrected_limit(computed), per_iteration(computed)};
}

}  // namespace syncline::repro::fig07
