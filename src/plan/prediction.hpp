#pragma once

#include <optional>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "syncline/predict.hpp"
#include "syncline/theory.hpp"

namespace syncline {

/// Everything that is predicted of a policy's timing.
struct Prediction {
  Estimate runtime;
  Estimate staleness;
  Estimate fresh;
  Estimate idle;
  Estimate cancelled;
  Estimate sync_runtime;
  Estimate speedup;  ///< sync_runtime / runtime, per update
  std::vector<double> pmf;
  EstimateKind pmf_kind = EstimateKind::exact;
};

/// By theory alone: the fleet's delay laws, nothing else of it.
[[nodiscard]] Prediction predict_by_theory(const VariantPoint& point, const DelayProfile& fleet);

/// Which numbers a simulation shall replace.
enum class Replace { all, doubtful };

/// How many mean times a simulation of the async family is long before it forgets its cold start:
/// the mean residual time, (1 + cv^2) / 2, of the most uneven law; 1 in the sync family.
[[nodiscard]] double mixing_time(const VariantPoint& point, const DelayProfile& fleet);

/// The mixing time up to which simulations are made longer.
inline constexpr double longest_mixing = 25;

/// A 95 % interval of each number over ten simulations from seeds seed, seed + 1, ...; `doubtful`
/// keeps what theory knows to 5 %. Returns false, with nothing replaced, if it was interrupted.
[[nodiscard]] bool simulate_into(Prediction& prediction, const PredictConfig& config,
                                 Replace replace, const Progress& progress);

/// Whether a number may be more than 5 % off, and by more than `negligible`.
[[nodiscard]] bool doubtful(const Estimate& estimate, double negligible);

/// Shares of time and of gradients that differ by less than this are alike.
inline constexpr double negligible_share = 2e-4;

/// The object under `error_bound`; null if no constants are given.
[[nodiscard]] nlohmann::ordered_json predicted_error(const VariantPoint& point,
                                                     const PredictConfig& config, double runtime,
                                                     double p0);

/// The object under `optimal_time`; null without --accuracy.
[[nodiscard]] nlohmann::ordered_json predicted_optimum(const DelayProfile& fleet,
                                                       const PredictConfig& config);

}  // namespace syncline
