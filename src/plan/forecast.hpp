#pragma once

#include <cmath>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "fleet/virtual/fleet_timing.hpp"
#include "plan/candidate.hpp"
#include "plan/fleet_theory.hpp"
#include "plan/quadratic_model.hpp"
#include "plan/update_law.hpp"

namespace syncline {

/// What is aimed at: a loss, or the lowest loss in a given time.
struct Goal {
  std::optional<double> loss;
  double time = 0;  ///< budget; 0: none
  /// How many updates reach the loss, where pilot runs showed it: goes before the model.
  std::optional<UpdateLaw> updates;
};

/// What is expected of one candidate. Times are virtual.
struct Forecast {
  Candidate candidate;
  Estimate runtime;                     ///< per update, with communication
  std::optional<Estimate> time;         ///< to the goal's loss; none if it is never reached
  double loss_at_budget = INFINITY;     ///< where the goal has a time
  double updates = 0;                   ///< to the goal
  double gradients = 0;                 ///< applied on the way there
  double pushes = 0;                    ///< over the server's link on the way there
  double floor = 0;                     ///< loss where noise and descent balance
  double staleness = 0;                 ///< mean
  std::optional<double> idle_fraction;  ///< these two by simulation only: theory takes long
  std::optional<double> cancelled_time_fraction;
  double link_load = 0;  ///< share of the time that the server's link is busy
  bool stable = true;    ///< the step is small enough for the staleness
  bool simulated = false;
  std::vector<std::pair<double, double>> curve;  ///< (time, loss)
};

/// Smaller is better: time to the goal, or the loss at the budget; +infinity if out of reach.
[[nodiscard]] double score(const Forecast& forecast, const Goal& goal);

/// By theory alone: time per update (with what communication adds, approximately), staleness and
/// the expected descent of the model. Slowness is left out.
[[nodiscard]] Forecast forecast_by_theory(const Candidate& candidate, const QuadraticModel& model,
                                          FleetTheory& fleet, const Goal& goal);

/// By simulated runs of the model on the fleet with seeds 1..runs, of which none lasts
/// longer than `patience` (virtual time; infinite if there is no reason to stop early). Intervals
/// are of 95 %.
[[nodiscard]] Forecast forecast_by_simulation(const Candidate& candidate,
                                              const QuadraticModel& model, FleetTheory& fleet,
                                              const Goal& goal, std::size_t runs, double patience);

}  // namespace syncline
