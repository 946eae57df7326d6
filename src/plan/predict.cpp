#include "syncline/predict.hpp"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

#include "plan/estimate_json.hpp"
#include "plan/prediction.hpp"
#include "syncline/ageing.hpp"
#include "syncline/error.hpp"
#include "syncline/slowness.hpp"

namespace syncline {
namespace {

using Json = nlohmann::ordered_json;

VariantPoint point_of(const PredictConfig& config) {
  const auto point = variant_point(config.policy, config.fleet.workers);
  if (point) return *point;
  throw ConfigError("no theory covers '" + config.policy +
                    "': its K changes while it runs, or its jobs end in another way than the six "
                    "variants' do; use `syncline simulate`, or `race` if it needs a loss");
}

/// What the delay laws do not tell of a fleet.
std::vector<std::string> beyond_the_laws(const FleetConfig& fleet) {
  std::vector<std::string> parts;
  if (Slowness::parse(fleet.slowness)) parts.emplace_back("slowness");
  if (fleet.latency > 0) parts.emplace_back("latency");
  if (fleet.bandwidth > 0) parts.emplace_back("bandwidth");
  if (fleet.server_bandwidth > 0) parts.emplace_back("the server's bandwidth");
  if (fleet.restart_cost > 0) parts.emplace_back("restart cost");
  return parts;
}

bool replayed(const DelayProfile& fleet) {
  return std::any_of(fleet.groups().begin(), fleet.groups().end(), [](const auto& group) {
    return group.second->text().rfind("service-times", 0) == 0;
  });
}

bool has_steady_state(const VariantPoint& point, const DelayProfile& fleet) {
  if (point.family == VariantFamily::k_sync || point.family == VariantFamily::k_batch_sync) {
    return true;
  }
  return std::all_of(fleet.groups().begin(), fleet.groups().end(),
                     [](const auto& group) { return std::isfinite(group.second->mean()); });
}

bool any_doubtful(const Prediction& prediction) {
  return doubtful(prediction.runtime, 0) || doubtful(prediction.staleness, 0) ||
         doubtful(prediction.fresh, negligible_share) ||
         doubtful(prediction.idle, negligible_share) ||
         doubtful(prediction.cancelled, negligible_share);
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const auto& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text;
}

struct Answer {
  Prediction prediction;
  std::vector<std::string> notes;
  bool interrupted = false;
};

Answer answer(const PredictConfig& config, const VariantPoint& point, const DelayProfile& fleet,
              const Progress& progress) {
  Answer result;
  result.prediction = predict_by_theory(point, fleet);
  const auto parts = beyond_the_laws(config.fleet);
  if (!parts.empty()) {
    result.notes.push_back("no formula covers " + joined(parts) + ": simulated");
    result.notes.emplace_back(
        "ageing, orderings and the optimal time are those of the delay laws "
        "alone");
    result.interrupted = !simulate_into(result.prediction, config, Replace::all, progress);
  } else if (replayed(fleet)) {
    result.notes.emplace_back(
        "given service times are taken as equally likely draws; `syncline "
        "simulate` replays them in their order");
  } else if (!has_steady_state(point, fleet) || std::isinf(result.prediction.runtime.value)) {
    result.notes.emplace_back(
        "a mean time is infinite: runs of any length look different, and "
        "what no formula gives is left open");
  } else if (any_doubtful(result.prediction)) {
    result.notes.emplace_back("numbers that formulas give to no better than 5 % are simulated");
    result.interrupted = !simulate_into(result.prediction, config, Replace::doubtful, progress);
  }
  const bool simulated = !parts.empty() ||
                         result.prediction.runtime.kind == EstimateKind::simulated ||
                         result.prediction.fresh.kind == EstimateKind::simulated;
  if (simulated && mixing_time(point, fleet) > 2 * longest_mixing) {
    result.notes.emplace_back(
        "rare jobs are so long that the simulations may not have seen the "
        "long run; compare with a longer `syncline simulate`");
  }
  if (result.interrupted) {
    result.notes.emplace_back("interrupted: the simulation is missing, these are formulas alone");
  }
  return result;
}

}  // namespace

nlohmann::ordered_json predict(const PredictConfig& config, const Progress& progress) {
  const VariantPoint point = point_of(config);
  const DelayProfile fleet = DelayProfile::parse(config.fleet.delay, config.fleet.workers);
  const auto [prediction, notes, interrupted] = answer(config, point, fleet, progress);
  const bool laws_say_all = beyond_the_laws(config.fleet).empty();
  Estimate p0 = fresh_probability_infimum(point, fleet);
  if (!laws_say_all && p0.lower < 1) {
    p0 = {0, EstimateKind::bound, "proved for the delay laws alone", 0, 1};
  }
  const AgeingClass ageing = ageing_class(fleet);

  Json result;
  result["policy"] = config.policy;
  result["workers"] = config.fleet.workers;
  result["delay"] = fleet.text();
  result["runtime_per_update"] = to_json(prediction.runtime);
  result["staleness"] = {
      {"mean", prediction.staleness.value},
      {"pmf", prediction.pmf},
      {"pmf_kind", prediction.pmf.empty() ? "unknown" : kind_name(prediction.pmf_kind)}};
  result["fresh_fraction"] = prediction.fresh.value;
  result["p0"] = p0.value;
  result["idle_fraction"] = prediction.idle.value;
  result["cancelled_time_fraction"] = prediction.cancelled.value;
  result["speedup_vs_sync"] = prediction.speedup.value;
  result["error_bound"] = predicted_error(point, config, prediction.runtime.value, p0.value);
  result["optimal_time"] = predicted_optimum(fleet, config);
  result["ageing_class"] = ageing_name(ageing);
  result["ageing_sentence"] = ageing_sentence(ageing);
  result["orderings"] = ageing_orderings(ageing);
  const Estimate startup = startup_time(point, fleet);
  const bool known = std::isfinite(startup.lower) && laws_say_all;
  result["startup"] = known ? to_json(startup) : Json(nullptr);
  result["details"] = {{"staleness_mean", to_json(prediction.staleness)},
                       {"fresh_fraction", to_json(prediction.fresh)},
                       {"p0", to_json(p0)},
                       {"idle_fraction", to_json(prediction.idle)},
                       {"cancelled_time_fraction", to_json(prediction.cancelled)},
                       {"sync_runtime", to_json(prediction.sync_runtime)},
                       {"speedup_vs_sync", to_json(prediction.speedup)}};
  result["notes"] = notes;
  if (interrupted) result["interrupted"] = true;
  return result;
}

}  // namespace syncline
