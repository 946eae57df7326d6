// Policies replayed on durations whose consequences are known.

#include "policy/automatic/replay.hpp"

#include <cmath>

#include <doctest/doctest.h>

#include "policy/automatic/candidate_time.hpp"
#include "policy/automatic/candidates.hpp"
#include "support/policy_samples.hpp"

namespace syncline {
namespace {

PolicyContext fleet_of(std::size_t workers) {
  PolicyContext context;
  context.workers = static_cast<std::uint32_t>(workers);
  return context;
}

Replayed replayed(const std::string& policy, const JobSamples& samples,
                  std::vector<bool> down = {}) {
  down.resize(samples.size(), false);
  return replay(*make_policy(policy, fleet_of(samples.size())), samples, down);
}

TEST_CASE("replay, constant times, is exact: K-sync waits for the K-th, async for nobody") {
  const JobSamples samples = {{1}, {2}, {4}, {8}};
  const double times[] = {1, 2, 4, 8};
  for (std::uint64_t k = 1; k <= 4; ++k) {
    CAPTURE(k);
    const Replayed sync = replayed("k-sync(k=" + std::to_string(k) + ")", samples);
    CHECK(sync.runtime == doctest::Approx(times[k - 1]).epsilon(1e-9));
    CHECK(sync.gradients == doctest::Approx(static_cast<double>(k)));
    CHECK(sync.staleness == 0);
    CHECK(sync.cancels == (k < 4));
  }
  const Replayed async = replayed("async", samples);
  CHECK(async.runtime == doctest::Approx(1 / (1 + 0.5 + 0.25 + 0.125)).epsilon(0.01));
  CHECK(async.gradients == doctest::Approx(1));
  CHECK_FALSE(async.cancels);
}

TEST_CASE("replay, equal times, shows the staleness and the gradients that an update is worth") {
  const JobSamples samples(5, {2.0});
  CHECK(replayed("async", samples).staleness == doctest::Approx(4).epsilon(0.01));
  CHECK(replayed("ringmaster(limit=3)", samples).staleness <= 2);
  CHECK(replayed("k-batch-async(k=5)", samples).gradients == doctest::Approx(5));
  CHECK(replayed("k-batch-async(k=5)", samples).runtime == doctest::Approx(2).epsilon(0.01));
  CHECK(replayed("malenia", samples).gradients == doctest::Approx(5));
  // n steps of ringleader use n gradients to begin with, and n - 1 that come later.
  CHECK(replayed("ringleader", samples).gradients == doctest::Approx(9.0 / 5).epsilon(0.01));
  CHECK(replayed("ringleader", samples).staleness > 3);
}

TEST_CASE("malenia, a worker with many gradients, is worth the harmonic mean of the counts") {
  // One gradient of the slow worker, five of the fast one: n^2 / (1 + 1 / 5).
  const JobSamples samples = {{1}, {5.5}};
  CHECK(replayed("malenia", samples).gradients == doctest::Approx(4 / 1.2).epsilon(0.01));
}

TEST_CASE("replay, times of a known law, agrees with its expectations") {
  // Two equally likely times, 1 and 3: the larger of two draws is 3 with chance 3/4.
  const JobSamples samples(2, {1.0, 3.0});
  const double deviation = std::sqrt(0.75 * 0.25) * 2;
  const double error = deviation / std::sqrt(4000.0 * 2 / 3 / 2);
  CHECK(std::abs(replayed("sync", samples).runtime - 2.5) < 4.5 * error);
  CHECK(std::abs(replayed("k-sync(k=1)", samples).runtime - 1.5) < 4.5 * error);
}

TEST_CASE("replay, workers that never answer, waits for ever where they are counted on") {
  const JobSamples samples(3, {1.0});
  CHECK(std::isinf(replayed("sync", samples, {false, true, false}).runtime));
  CHECK(replayed("k-sync(k=2)", samples, {false, true, false}).runtime == doctest::Approx(1));
  CHECK(std::isinf(replayed("async", samples, {true, true, true}).runtime));
  PolicyContext shrinks = fleet_of(3);
  shrinks.shrink = true;
  const Replayed shrunk = replay(*make_policy("sync", shrinks), samples, {false, true, false});
  CHECK(shrunk.runtime == doctest::Approx(1));
  CHECK(shrunk.gradients == doctest::Approx(2));
}

TEST_CASE("replay of every policy, ends, also with durations of 0") {
  for (const std::string& text : testing::sample_policies()) {
    CAPTURE(text);
    const auto policy = make_policy(text, fleet_of(4));
    if (!policy->requirements().measurements.empty()) continue;
    for (const double duration : {0.0, 1.0}) {
      const Replayed result = replay(*policy, JobSamples(4, {duration}), std::vector<bool>(4));
      CHECK(result.runtime >= 0);
      CHECK(result.gradients >= 0);
    }
  }
}

TEST_CASE("predicted times, constant durations, are those of the time complexities") {
  const std::vector<double> times = {1, 2, 3, 7, 7, 9};
  Evidence evidence = {{}, std::vector<bool>(times.size()), fleet_of(times.size())};
  for (const double time : times) evidence.samples.push_back({time});
  for (const double scale : {0.5, 5.0, 80.0}) {
    CAPTURE(scale);
    double rate = 0;
    double bound = INFINITY;
    for (std::size_t m = 1; m <= times.size(); ++m) {
      const auto count = static_cast<double>(m);
      const std::string text = "k-sync(k=" + std::to_string(m) + ")";
      const double tau = times[m - 1];
      CHECK(candidate_time("k-sync", text, evidence).time(scale) ==
            doctest::Approx(tau * (1 + scale / count)).epsilon(1e-9));
      rate += 1 / tau;
      bound = std::min(bound, count / rate * (1 + scale / count));
    }
    // The lower bound holds up to a constant; the best candidate gets near.
    const double least = candidate_times(evidence, scale, "").front().time(scale);
    CHECK(least > 0.5 * bound);
    CHECK(least < 2 * bound);
  }
}

TEST_CASE("candidates, any number of workers and noise, are made and ask for nothing special") {
  for (const std::uint32_t workers : {1U, 2U, 3U, 8U, 100U}) {
    for (const double scale : {0.0, 1.5, 7.0, 1e9}) {
      for (const Family& family : families()) {
        for (const std::string& text : family.texts({workers, scale})) {
          CAPTURE(text);
          const Requirements needs = make_policy(text, fleet_of(workers))->requirements();
          CHECK(needs.slots + needs.tables <= 2);
          CHECK((needs.tables == 0 || family.for_unlike_data));
          CHECK(needs.measurements.empty());
          CHECK_FALSE(needs.observables.any());
          CHECK(needs.program == "gradient");
          CHECK((needs.transform + needs.optimizer).empty());
          CHECK((!family.for_unlike_data || needs.data_shares == DataShares::equal));
        }
      }
    }
  }
}

}  // namespace
}  // namespace syncline
