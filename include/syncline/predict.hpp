#pragma once

#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "syncline/config.hpp"
#include "syncline/progress.hpp"

namespace syncline {

/// What is known of the problem, for the error bounds (syncline/error_bound.hpp). Per sample.
struct ProblemFacts {
  double smoothness = 0;      ///< L; 0: nothing is known, and no error bound is given
  double convexity = 0;       ///< c; 0: not convex
  double sigma2 = 0;          ///< gradient variance
  double m_g = 0;             ///< M_G
  double gamma = 0;           ///< staleness, 0..1
  double p0 = 0;              ///< 0: what is proved of it
  double initial_gap = 1;     ///< F(w_0) - F*
  double compensation = 0;    ///< C of the staleness-compensated step; 0: the step is fixed
  double accuracy = 0;        ///< wanted E||grad F||^2, for the optimal-time view; 0: none
  std::vector<double> times;  ///< at which the error bound is wanted
};

struct PredictConfig {
  std::string policy = "k-async(k=4)";
  FleetConfig fleet;
  std::uint64_t seed = 1;           ///< of the simulation, where one is needed
  std::uint64_t message_bytes = 0;  ///< size of a push, where a bandwidth is set
  double step_size = 0.1;
  std::uint64_t batch = 32;
  ProblemFacts problem;
};

/// What the theory says of a policy on a fleet, before anything is run: the object that `syncline
/// predict --json` prints (docs/predict.md lists its keys). Where a formula may err by more than 5
/// %, or covers no such fleet (slowness, links, restart cost), ten short simulations without
/// gradients take its place, and the number says so. Throws ConfigError, also for policies that are
/// no fixed point on the line from sync to async.
[[nodiscard]] nlohmann::ordered_json predict(const PredictConfig& config, const Progress& progress);

}  // namespace syncline
