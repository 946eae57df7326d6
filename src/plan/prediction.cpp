#include "plan/prediction.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include <boost/math/distributions/students_t.hpp>
#include <nlohmann/json.hpp>

#include "base/summary.hpp"
#include "syncline/simulate.hpp"

namespace syncline {
namespace {

constexpr std::uint64_t replications = 10;
/// Gradients of one simulation: the start-up, 30 a worker, is at most a quarter of them.
constexpr std::uint64_t gradients = 20000;
constexpr std::uint64_t gradients_a_worker = 120;
constexpr std::uint64_t fewest_updates = 200;
constexpr double allowed_error = 0.05;

Estimate quotient(const Estimate& sync, const Estimate& own) {
  Estimate ratio;
  ratio.value = sync.value / own.value;
  ratio.lower = sync.lower / own.upper;
  ratio.upper = sync.upper / own.lower;
  ratio.kind = std::max(sync.kind, own.kind);
  ratio.source = "E T of sync / E T; " + own.source;
  return ratio;
}

Estimate interval(const std::vector<double>& values) {
  const Summary summary = summarise(values);
  const boost::math::students_t student(static_cast<double>(values.size() - 1));
  const double reach = boost::math::quantile(student, 0.975) * summary.standard_error;
  return {summary.mean, EstimateKind::simulated,
          "mean of " + std::to_string(values.size()) + " simulations, 95 % interval",
          summary.mean - reach, summary.mean + reach};
}

struct Samples {
  std::vector<double> runtime, staleness, fresh, idle, cancelled, sync, speedup;
  std::vector<double> histogram;
};

/// `mixing`: in how many mean times a cold start is forgotten.
std::uint64_t updates_for(std::uint64_t k, std::uint32_t workers, double mixing) {
  const auto wanted = static_cast<std::uint64_t>(
      static_cast<double>(std::max(gradients, gradients_a_worker * workers)) *
      std::clamp(mixing, 1.0, longest_mixing));
  return std::max(fewest_updates, (wanted + k - 1) / k);
}

/// The first 4096 entries count one staleness each; beyond are wider bins.
constexpr std::size_t single_bins = 4096;

void add(std::vector<double>& sum, const nlohmann::ordered_json& counts) {
  const std::size_t size = std::min(counts.size(), single_bins);
  if (sum.size() < size) sum.resize(size, 0);
  for (std::size_t s = 0; s < size; ++s) sum[s] += counts[s].get<double>();
}

bool run_all(Samples& samples, const PredictConfig& config, std::uint64_t k, bool with_sync,
             const Progress& progress) {
  double total = 0;
  const double mixing = mixing_time(*variant_point(config.policy, config.fleet.workers),
                                    DelayProfile::parse(config.fleet.delay, config.fleet.workers));
  for (std::uint64_t i = 0; i < replications; ++i) {
    SimulationConfig run;
    run.policy = config.policy;
    run.seed = config.seed + i;
    run.fleet = config.fleet;
    run.message_bytes = config.message_bytes;
    run.updates = updates_for(k, config.fleet.workers, mixing);
    const auto result = simulate(run, progress);
    if (result.value("interrupted", false)) return false;
    samples.runtime.push_back(result.at("runtime_per_update").at("mean"));
    samples.staleness.push_back(result.at("staleness").at("mean"));
    samples.fresh.push_back(result.at("fresh_fraction"));
    samples.idle.push_back(result.at("idle_fraction"));
    samples.cancelled.push_back(result.at("cancelled_time_fraction"));
    for (const auto& count : result.at("staleness").at("histogram")) total += count.get<double>();
    add(samples.histogram, result.at("staleness").at("histogram"));
    if (!with_sync) continue;
    run.policy = "sync";
    run.updates = updates_for(config.fleet.workers, config.fleet.workers, 1);
    const auto sync = simulate(run, progress);
    if (sync.value("interrupted", false)) return false;
    samples.sync.push_back(sync.at("runtime_per_update").at("mean"));
    samples.speedup.push_back(samples.sync.back() / samples.runtime.back());
  }
  for (double& count : samples.histogram) count /= total;
  return true;
}

}  // namespace

Prediction predict_by_theory(const VariantPoint& point, const DelayProfile& fleet) {
  Prediction prediction;
  prediction.runtime = runtime_per_update(point, fleet);
  prediction.sync_runtime = runtime_per_update({VariantFamily::k_sync, fleet.workers()}, fleet);
  prediction.speedup = quotient(prediction.sync_runtime, prediction.runtime);
  StalenessLaw law = staleness_law(point, fleet);
  prediction.staleness = law.mean;
  prediction.fresh = law.fresh_fraction;
  prediction.pmf = std::move(law.pmf);
  prediction.pmf_kind = law.pmf_kind;
  prediction.idle = idle_fraction(point, fleet);
  prediction.cancelled = cancelled_time_fraction(point, fleet);
  return prediction;
}

double mixing_time(const VariantPoint& point, const DelayProfile& fleet) {
  if (point.family == VariantFamily::k_sync || point.family == VariantFamily::k_batch_sync) {
    return 1;
  }
  double longest = 1;
  for (const auto& [count, law] : fleet.groups()) {
    longest = std::max(longest, (1 + law->variance() / (law->mean() * law->mean())) / 2);
  }
  return longest;
}

bool doubtful(const Estimate& estimate, double negligible) {
  if (std::isinf(estimate.lower) && estimate.lower > 0) return false;
  const double off = std::max(estimate.upper - estimate.value, estimate.value - estimate.lower);
  return !(off <= std::max(allowed_error * std::abs(estimate.value), negligible));
}

bool simulate_into(Prediction& prediction, const PredictConfig& config, Replace replace,
                   const Progress& progress) {
  const auto point = variant_point(config.policy, config.fleet.workers);
  Samples samples;
  const bool all = replace == Replace::all;
  if (!run_all(samples, config, point->k, all, progress)) return false;
  const auto put = [&](Estimate& estimate, const std::vector<double>& values, double negligible) {
    if (!all && !doubtful(estimate, negligible)) return;
    const Estimate seen = interval(values);
    if (all) {
      estimate = seen;
      return;
    }
    // A mean made by rare, very long jobs can be missed by every run: what is proved stands.
    if (seen.upper < estimate.lower || seen.lower > estimate.upper) return;
    const auto inside = [&](double x) {
      return std::min(std::max(x, estimate.lower), estimate.upper);
    };
    estimate = {inside(seen.value), seen.kind, seen.source, inside(seen.lower), inside(seen.upper)};
  };
  const bool new_pmf = all || prediction.pmf_kind == EstimateKind::approximation ||
                       prediction.pmf_kind == EstimateKind::bound || prediction.pmf.empty();
  put(prediction.runtime, samples.runtime, 0);
  put(prediction.staleness, samples.staleness, 0);
  put(prediction.fresh, samples.fresh, negligible_share);
  put(prediction.idle, samples.idle, negligible_share);
  put(prediction.cancelled, samples.cancelled, negligible_share);
  if (new_pmf) {
    prediction.pmf = std::move(samples.histogram);
    prediction.pmf_kind = EstimateKind::simulated;
  }
  if (all) {
    prediction.sync_runtime = interval(samples.sync);
    prediction.speedup = interval(samples.speedup);
  } else {
    prediction.speedup = quotient(prediction.sync_runtime, prediction.runtime);
  }
  return true;
}

}  // namespace syncline
