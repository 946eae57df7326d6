#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "plan/quadratic_model.hpp"
#include "syncline/config.hpp"

namespace syncline {

/// A short training run, read as descent: where its curves stand after how much of it.
struct Pilot {
  ModelConfig model;          ///< as the log has it; data_folder is not in it
  OptimizerConfig optimizer;  ///< likewise
  double step_size = 0;
  double k = 1;                   ///< gradients in an update, mean
  std::vector<double> staleness;  ///< of its gradients: p_0, p_1, ...
  double mean_staleness = 0;
  std::vector<double> descent;  ///< updates x step size, rising, of each evaluation
  std::vector<double> loss;     ///< training loss there
  std::vector<double> metric;   ///< of the target
};

/// Reads a log of `train`. Throws DataError if it has too few evaluations (fewer than 8) or none of
/// the metric, ConfigError if its step size was not constant or depended on staleness or K.
[[nodiscard]] Pilot read_pilot(const std::filesystem::path& log, const std::string& metric);

/// How far descent must go until the metric is at the target: by the falling curve nearest to the
/// pilot's (isotonic regression) or, beyond its end, by the sum of exponentials fitted to it.
struct DescentNeeded {
  double descent = 0;
  bool extrapolated = false;
};
[[nodiscard]] std::optional<DescentNeeded> descent_to(const Pilot& pilot, double target);

/// The quadratic model whose loss falls as the pilot's did: modes of non-negative weight fitted to
/// its curve, less what its gradient noise adds. `noise` holds the modes of the noise (start 0), as
/// model_of() makes them; empty where it is not known.
[[nodiscard]] QuadraticModel model_of(const Pilot& pilot, const std::vector<Mode>& noise);

}  // namespace syncline
