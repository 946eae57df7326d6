// What holds in every run, for every law, fleet, K and seed (paper.md section 8, items 2 and 3): no
// statistics, no tolerance but that of adding up doubles.

#include <cmath>
#include <set>

#include <doctest/doctest.h>

#include "fleet/simulation_support.hpp"
#include "syncline/delay_law.hpp"

namespace syncline {
namespace {

using testing::record;
using testing::Recording;

struct RandomRun {
  FleetConfig fleet;
  testing::Variant variant;
  std::uint64_t seed = 0;
  std::uint64_t updates = 0;
  Recording recording;
};

RandomRun random_run() {
  RandomRun run;
  run.fleet = testing::random_fleet();
  run.variant = testing::random_variant(run.fleet.workers);
  run.seed = *rc::gen::arbitrary<std::uint64_t>();
  run.updates = *rc::gen::inRange<std::uint64_t>(1, 300);
  run.recording = record(run.variant.text(), run.fleet, run.seed, run.updates);
  RC_TAG(run.variant.name);
  return run;
}

double time_of(const Recording& recording, Version version) {
  return version == 0 ? 0 : recording.updates[version - 1].time;
}

TEST_CASE("every update, any variant and fleet, consumes K gradients, in order, from before it") {
  CHECK(rc::check("counts, order and staleness", [] {
    const RandomRun run = random_run();
    const Recording& recording = run.recording;
    RC_ASSERT(recording.updates.size() == run.updates);
    for (std::size_t j = 0; j < recording.updates.size(); ++j) {
      const UpdateRecord& update = recording.updates[j];
      RC_ASSERT(update.update == j + 1);
      RC_ASSERT(update.gradients.size() == run.variant.k);
      RC_ASSERT(update.gradients.back().push == update.time);
      std::set<WorkerId> workers;
      double last = time_of(recording, j);
      for (const GradientRecord& gradient : update.gradients) {
        workers.insert(gradient.worker);
        RC_ASSERT(gradient.push >= last);
        last = gradient.push;
        RC_ASSERT(gradient.start < gradient.push);
        RC_ASSERT(gradient.read <= j);
        RC_ASSERT(gradient.staleness == j - gradient.read);
        // It was read at its start: at that version, and before the next.
        RC_ASSERT(gradient.start >= time_of(recording, gradient.read));
        RC_ASSERT(gradient.start <= time_of(recording, gradient.read + 1));
        if (run.variant.cancels()) RC_ASSERT(gradient.staleness == 0U);
      }
      if (run.variant.counts_workers()) RC_ASSERT(workers.size() == run.variant.k);
      // In the async family nothing is cancelled, in the batch variants nobody idles.
      if (!run.variant.cancels()) RC_ASSERT(update.cancelled.empty());
      if (!run.variant.counts_workers()) RC_ASSERT(update.idle.empty());
      if (run.variant.counts_workers()) RC_ASSERT(update.idle.size() == run.variant.k - 1);
      if (run.variant.name == "k-sync") {
        RC_ASSERT(update.cancelled.size() == run.fleet.workers - run.variant.k);
      }
    }
  }));
}

TEST_CASE("jobs, any variant and fleet, start where the restart rule of the variant says") {
  CHECK(rc::check("restart instants", [] {
    const RandomRun run = random_run();
    const Recording& recording = run.recording;
    std::vector<double> last_push(run.fleet.workers, 0);
    std::vector<Version> last_update(run.fleet.workers, 0);
    for (const UpdateRecord& update : recording.updates) {
      for (const GradientRecord& gradient : update.gradients) {
        const WorkerId worker = gradient.worker;
        if (run.variant.name == "k-sync") {
          RC_ASSERT(gradient.start == time_of(recording, update.update - 1));
        } else if (run.variant.name == "k-async") {
          // Exactly at the update that its last push went into, or at time 0.
          RC_ASSERT(gradient.start == time_of(recording, last_update[worker]));
          RC_ASSERT(gradient.read == last_update[worker]);
        } else if (run.variant.name == "k-batch-async") {
          RC_ASSERT(gradient.start == last_push[worker]);
        } else {
          const double restarted = time_of(recording, update.update - 1);
          RC_ASSERT(gradient.start == std::max(restarted, last_push[worker]));
        }
        last_push[worker] = gradient.push;
      }
      for (const GradientRecord& gradient : update.gradients) {
        last_update[gradient.worker] = update.update;
      }
    }
  }));
}

TEST_CASE("busy and idle time, any variant and fleet, sum to P times the elapsed time") {
  CHECK(rc::check("time adds up", [] {
    const RandomRun run = random_run();
    const double all = run.fleet.workers * run.recording.elapsed;
    RC_ASSERT(std::abs(run.recording.busy + run.recording.idle - all) <= 1e-11 * all);
    if (!run.variant.counts_workers()) RC_ASSERT(run.recording.idle == 0);
    const Account& account = run.recording.account;
    RC_ASSERT(account.started == account.computed + account.cancelled + account.in_flight);
    RC_ASSERT(account.computed == account.applied);
    RC_ASSERT(account.applied == run.updates * run.variant.k);
    RC_ASSERT(account.in_flight == run.fleet.workers);
  }));
}

TEST_CASE("staleness, summed over a run, is what counting versions says, exactly") {
  // Each update makes every running job one version older and K pushes start K jobs of age 0, so
  // the sums telescope: K-async n (P - K), K-batch-async n (P - 1), less the ages in flight.
  CHECK(rc::check("mean P/K - 1 or (P - 1)/K with exact boundary terms", [] {
    const RandomRun run = random_run();
    Version sum = 0;
    for (const UpdateRecord& update : run.recording.updates) {
      for (const GradientRecord& gradient : update.gradients) sum += gradient.staleness;
    }
    const std::uint64_t workers = run.fleet.workers;
    if (run.variant.name == "k-async") {
      RC_ASSERT(sum + run.recording.age_in_flight == run.updates * (workers - run.variant.k));
    } else if (run.variant.name == "k-batch-async") {
      RC_ASSERT(sum + run.recording.age_in_flight == run.updates * (workers - 1));
    } else {
      RC_ASSERT(sum == 0U);
      RC_ASSERT(run.recording.age_in_flight == 0U);
    }
  }));
}

TEST_CASE("job durations, any variant and fleet, are the draws of (seed, worker, job)") {
  CHECK(rc::check("common random numbers", [] {
    const RandomRun run = random_run();
    const auto profile = DelayProfile::parse(run.fleet.delay, run.fleet.workers);
    for (const testing::Delivery& delivery : run.recording.deliveries) {
      const auto& job = delivery.job;
      const double duration = profile.law(job.worker).sample({run.seed, job.worker, job.job});
      RC_ASSERT(delivery.time == job.start + duration);
    }
  }));
}

TEST_CASE("k-async, K below P, applies stale gradients") {
  for (const char* law : {"exponential(rate=1)", "shifted-exponential(shift=1, rate=1)",
                          "pareto(scale=1, shape=2.5)", "constant(value=1)"}) {
    CAPTURE(law);
    FleetConfig fleet;
    fleet.delay = law;
    std::size_t stale = 0;
    for (const UpdateRecord& update : record("k-async(k=4)", fleet, 1, 200).updates) {
      for (const GradientRecord& gradient : update.gradients) stale += gradient.staleness > 0;
    }
    // Mean staleness is 1, and no gradient of the first update is stale.
    CHECK(stale >= 100);
  }
}

}  // namespace
}  // namespace syncline
