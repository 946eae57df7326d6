#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "syncline/config.hpp"
#include "syncline/progress.hpp"

namespace syncline {

/// A measured number with its 95 % interval.
struct MeasuredValue {
  double value = 0;
  double lower = 0;
  double upper = 0;
};

/// One direction of the curvature: eigenvalue and how much of a vector's squared norm lies there.
struct SpectralLine {
  double eigenvalue = 0;
  double weight = 0;
};

/// The constants of the error theorems, of a workload near one point (arXiv 1803.01113, 2.4).
/// sigma2 and m_g are per sample: E||g - grad F||^2 = (sigma2 + m_g ||grad F||^2) / batch.
struct WorkloadConstants {
  std::string workload;       ///< as the user wrote it, `softmax(lambda=0.01)`
  std::string data;           ///< likewise; empty where the workload has none
  std::uint64_t seed = 0;     ///< of the initial point
  std::uint64_t samples = 0;  ///< that F was estimated from; 0: F has a formula
  std::size_t dimension = 0;  ///< length of a payload
  std::uint64_t batch = 0;
  double loss = 0;               ///< F at the starting point
  MeasuredValue gradient_norm2;  ///< ||grad F||^2 there
  MeasuredValue sigma2;
  MeasuredValue m_g;
  MeasuredValue smoothness;                ///< L, the largest curvature met
  std::optional<MeasuredValue> convexity;  ///< c, the smallest; none where it is not positive
  std::optional<MeasuredValue> gamma;      ///< of one policy on one fleet, over a window
  /// Gauss quadratures of the spectral measures of the gradient at the start and of the gradient
  /// noise (Golub and Meurant, Matrices, Moments and Quadrature, 2010). On the quadratic model,
  /// n steps of gradient descent lower F by sum w (1 - (1 - eta a)^2n) / (2 a) over the lines (a,
  /// w) of the signal, exactly for n up to the number of lines. sum w / (2 a) itself comes near F -
  /// F* from below only. Eigenvalues may be 0 or negative.
  std::vector<SpectralLine> signal;  ///< weights sum to ||grad F||^2
  std::vector<SpectralLine> noise;   ///< weights sum to the variance of one sample's gradient
};

struct MeasureSettings {
  std::uint64_t gradients = 64;   ///< mini-batches for the variance
  std::uint64_t directions = 24;  ///< Lanczos steps
  std::uint64_t samples = 1024;   ///< of the training split that stand for F; 0: all
  std::uint64_t window = 0;       ///< updates for gamma; 0: gamma is not measured
  std::uint64_t warmup = 0;       ///< updates of the same run before the window
};

/// Measures the constants of config.model at the initial point of config.seed; gamma, if asked for,
/// of config.policy on config.fleet with config.optimizer. In double precision whatever
/// config.model.precision, for the sake of differences. The same on any number of threads.
/// Throws ConfigError or DataError as train() does, and Error with ExitCode::interrupted where
/// `progress` says stop.
[[nodiscard]] WorkloadConstants measure(const RunConfig& config, const MeasureSettings& settings,
                                        const Progress& progress);

/// What `syncline measure --json` prints and `plan --constants` reads (docs/measure.md).
[[nodiscard]] nlohmann::ordered_json to_json(const WorkloadConstants& constants);
/// Throws DataError on anything that to_json would not have written.
[[nodiscard]] WorkloadConstants read_constants(const std::filesystem::path& path);

}  // namespace syncline
