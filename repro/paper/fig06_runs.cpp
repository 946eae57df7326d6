#include "fig06_runs.hpp"

#include <functional>
#include <limits>

#include "base/summary.hpp"
#include "record.hpp"
#include "syncline/simulate.hpp"
#include "syncline/theory.hpp"
#include "virtual_run.hpp"

namespace syncline::repro {
namespace {

constexpr std::uint32_t workers = 20;
constexpr std::uint64_t short_run = 20;
constexpr double updates = 2000;
constexpr double per_short_run = updates / short_run;

/// A law of which each worker has the first few draws only: then comes a job that never ends.
class FirstJobs final : public DelayLaw {
 public:
  FirstJobs(std::shared_ptr<const DelayLaw> law, std::uint64_t jobs)
      : law_(std::move(law)), jobs_(jobs) {}

  [[nodiscard]] double sample(const DrawKey& key) const override {
    return key.job < jobs_ ? law_->sample(key) : std::numeric_limits<double>::infinity();
  }
  [[nodiscard]] double mean() const override { return law_->mean(); }
  [[nodiscard]] double variance() const override { return law_->variance(); }
  [[nodiscard]] double cdf(double x) const override { return law_->cdf(x); }
  [[nodiscard]] double survival(double x) const override { return law_->survival(x); }
  [[nodiscard]] double quantile(double p) const override { return law_->quantile(p); }
  [[nodiscard]] std::string text() const override { return law_->text(); }

 private:
  std::shared_ptr<const DelayLaw> law_;
  std::uint64_t jobs_;
};

std::string policy_of(const char* variant, std::uint64_t k) {
  return std::string(variant) + "(k=" + std::to_string(k) + ")";
}

/// A list by K.
Json by_k(const std::function<double(std::uint64_t)>& value) {
  Json list = Json::array();
  for (std::uint64_t k = 1; k <= workers; ++k) list.push_back(rounded(value(k)));
  return list;
}

Json simulated_by_k(const std::function<Summary(std::uint64_t)>& value) {
  Json json = {{"mean", Json::array()}, {"stderr", Json::array()}};
  for (std::uint64_t k = 1; k <= workers; ++k) {
    const Summary summary = value(k);
    json["mean"].push_back(rounded(summary.mean));
    json["stderr"].push_back(rounded(summary.standard_error));
  }
  return json;
}

Summary long_run(const std::string& policy, const std::string& delay, Scale scale) {
  SimulationConfig config;
  config.policy = policy;
  config.updates = scale == Scale::full ? 100000 : 10000;
  config.fleet.workers = workers;
  config.fleet.delay = delay;
  const Json runtime = simulate(config, Progress()).at("runtime_per_update");
  return {updates * runtime.at("mean").get<double>(), updates * runtime.at("stderr").get<double>(),
          2};
}

/// Runs from a cold start under as many seeds.
Summary cold_runs(const std::string& policy, const std::shared_ptr<const FleetTiming>& timing,
                  std::uint64_t length, std::uint64_t seeds, double factor) {
  std::vector<double> times;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    times.push_back(factor * run_updates(policy, timing, seed, length));
  }
  return summarise(times);
}

}  // namespace

Json runtimes_by_k(const std::string& delay, Scale scale, const Progress& progress) {
  const auto timing = std::make_shared<const FleetTiming>(fleet_of(workers, delay));
  FleetTiming limited = *timing;
  limited.profile = DelayProfile::of(
      {{workers, std::make_shared<const FirstJobs>(make_delay_law(delay), short_run)}});
  const auto pool = std::make_shared<const FleetTiming>(limited);
  const DelayProfile& fleet = timing->profile;
  const std::uint64_t seeds = scale == Scale::full ? 3000 : 300;
  const auto cold = [&](const char* variant, const std::shared_ptr<const FleetTiming>& times) {
    return simulated_by_k([&, variant](std::uint64_t k) {
      progress.report("fig06-runtime", static_cast<double>(k) / workers);
      return cold_runs(policy_of(variant, k), times, short_run, seeds, per_short_run);
    });
  };
  const auto theory = [&](VariantFamily family) {
    return by_k([&](std::uint64_t k) {
      return updates * runtime_per_update({family, k}, fleet).value;
    });
  };
  Json json = {{"law", fleet.text()}, {"seeds", seeds}};
  json["k_sync"] = theory(VariantFamily::k_sync);
  json["k_batch_async"] = theory(VariantFamily::k_batch_async);
  json["k_async"] = simulated_by_k(
      [&](std::uint64_t k) { return long_run(policy_of("k-async", k), delay, scale); });
  json["k_batch_async_check"] = simulated_by_k(
      [&](std::uint64_t k) { return long_run(policy_of("k-batch-async", k), delay, scale); });
  json["k_async_cold"] = cold("k-async", timing);
  json["k_batch_async_cold"] = cold("k-batch-async", timing);
  json["k_batch_async_pool"] = cold("k-batch-async", pool);
  json["k_batch_async_cold_theory"] = by_k(
      [&](std::uint64_t k) { return per_short_run * cold_start_time(fleet, short_run * k).value; });
  const Summary async =
      cold_runs("async", timing, static_cast<std::uint64_t>(updates), seeds / 10, 1);
  json["async_2000"] = {{"mean", rounded(async.mean)}, {"stderr", rounded(async.standard_error)}};
  return json;
}

}  // namespace syncline::repro
