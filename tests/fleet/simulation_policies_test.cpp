// The policies of the field against each other and against their promises, on any fleet.

#include <algorithm>
#include <set>

#include <doctest/doctest.h>

#include "fleet/simulation_support.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

using testing::record;
using testing::Recording;
using testing::texts;

std::vector<std::string> run(const std::string& policy, const FleetConfig& fleet,
                             std::uint64_t seed) {
  return texts(record(policy, fleet, seed, 40).updates);
}

std::string with(const char* name, const char* parameter, std::uint64_t value,
                 const char* more = "") {
  return std::string(name) + "(" + parameter + "=" + std::to_string(value) + more + ")";
}

TEST_CASE("async by its many names, any fleet, is one run") {
  CHECK(rc::check("equal records", [](std::uint64_t seed) {
    const FleetConfig fleet = testing::random_fleet();
    const auto async = run("async", fleet, seed);
    RC_ASSERT(run("ringmaster(limit=1000000)", fleet, seed) == async);
    RC_ASSERT(run("ringmaster(limit=1000000, stops=no)", fleet, seed) == async);
    RC_ASSERT(run(with("softsync", "n", fleet.workers, ", scaled=no"), fleet, seed) == async);
    RC_ASSERT(run("ssp(slack=1000000)", fleet, seed) == async);
    RC_ASSERT(run("clipped-asgd", fleet, seed) == async);
    RC_ASSERT(run("delay-adaptive", fleet, seed) == async);
    RC_ASSERT(run("dc-asgd", fleet, seed) == async);
    RC_ASSERT(run("rescaled", fleet, seed) == async);
  }));
}

TEST_CASE("ringmaster that allows no staleness, and a batch of one, are k-sync(1), any fleet") {
  CHECK(rc::check("equal records", [](std::uint64_t seed) {
    const FleetConfig fleet = testing::random_fleet();
    const auto first_of_all = run("k-sync(k=1)", fleet, seed);
    RC_ASSERT(run("ringmaster(limit=1)", fleet, seed) == first_of_all);
    RC_ASSERT(run("rennala(batch=1)", fleet, seed) == first_of_all);
  }));
}

TEST_CASE("other names of the K-variants, any fleet, are the same runs") {
  CHECK(rc::check("equal records", [](std::uint64_t seed) {
    const FleetConfig fleet = testing::random_fleet();
    const auto k = *rc::gen::inRange<std::uint64_t>(1, fleet.workers + 1);
    RC_ASSERT(run(with("rennala", "batch", k), fleet, seed) ==
              run(with("k-batch-sync", "k", k), fleet, seed));
    RC_ASSERT(run(with("rennala", "batch", k, ", rest=finish"), fleet, seed) ==
              run(with("k-batch-sync", "k", k, ", rest=finish"), fleet, seed));
    RC_ASSERT(run(with("async-minibatch", "batch", k), fleet, seed) ==
              run(with("rennala", "batch", k, ", rest=finish"), fleet, seed));
    RC_ASSERT(run(with("backup-workers", "backups", fleet.workers - k), fleet, seed) ==
              run(with("k-sync", "k", k, ", rest=finish"), fleet, seed));
    const std::uint64_t n = k;
    RC_ASSERT(run(with("softsync", "n", n, ", scaled=no"), fleet, seed) ==
              run(with("k-batch-async", "k", fleet.workers / n), fleet, seed));
  }));
}

TEST_CASE(
    "ringmaster, any fleet, applies nothing staler than its limit, and with stops drops none") {
  CHECK(rc::check("staleness < R", [](std::uint64_t seed) {
    const FleetConfig fleet = testing::random_fleet();
    const auto limit = *rc::gen::inRange<std::uint64_t>(1, 2 * fleet.workers + 1);
    for (const char* stops : {"", ", stops=no"}) {
      const Recording recording =
          record(with("ringmaster", "limit", limit, stops), fleet, seed, 80);
      for (const UpdateRecord& update : recording.updates) {
        RC_ASSERT(update.gradients.size() == 1U);
        RC_ASSERT(update.gradients.front().staleness < limit);
      }
      if (*stops == '\0') RC_ASSERT(recording.account.dropped == 0U);
      if (*stops != '\0') RC_ASSERT(recording.account.cancelled == 0U);
    }
  }));
}

TEST_CASE("ringmaster without a limit, any fleet, keeps to the root of the update's number") {
  CHECK(rc::check("staleness < floor(sqrt(k + 1))", [](std::uint64_t seed) {
    const FleetConfig fleet = testing::random_fleet();
    const Recording recording = record("ringmaster(limit=0)", fleet, seed, 100);
    for (const UpdateRecord& update : recording.updates) {
      const auto delay = update.gradients.front().staleness;
      // At update k + 1 the version is k: delay < sqrt(k + 1) rounded down, so (delay + 1)^2 <= k
      // + 1.
      RC_ASSERT((delay + 1) * (delay + 1) <= update.update);
    }
  }));
}

TEST_CASE("ssp, any fleet and slack, lets nobody push more than slack + 1 ahead of the slowest") {
  CHECK(rc::check("clocks stay together", [](std::uint64_t seed) {
    const FleetConfig fleet = testing::random_fleet();
    const auto slack = *rc::gen::inRange<std::uint64_t>(0, 5);
    const Recording recording = record(with("ssp", "slack", slack), fleet, seed, 120);
    std::vector<std::uint64_t> clocks(fleet.workers, 0);
    for (const testing::Delivery& delivery : recording.deliveries) {
      ++clocks[delivery.job.worker];
      const auto slowest = *std::min_element(clocks.begin(), clocks.end());
      RC_ASSERT(clocks[delivery.job.worker] <= slowest + slack + 1);
    }
    RC_ASSERT(recording.account.cancelled == 0U);
    RC_ASSERT(recording.account.dropped == 0U);
  }));
}

TEST_CASE("delay-adaptive that skips, any fleet, applies nothing staler than P") {
  CHECK(rc::check("staleness <= P", [](std::uint64_t seed) {
    const FleetConfig fleet = testing::random_fleet();
    const Recording recording = record("delay-adaptive(beyond=skip)", fleet, seed, 80);
    for (const UpdateRecord& update : recording.updates) {
      RC_ASSERT(update.gradients.front().staleness <= fleet.workers);
    }
  }));
}

TEST_CASE("mindflayer goes on where jobs never end, and gives up what takes too long") {
  FleetConfig fleet;
  fleet.workers = 6;
  // A third of the jobs takes a thousand times as long.
  fleet.delay = "hyperexponential(p=0.67, mean1=1, mean2=1000)";
  const Recording recording = record("mindflayer(gradients=12)", fleet, 3, 200);
  CHECK(recording.account.cancelled > 100);
  CHECK(recording.elapsed / 200 < 20);
  const Recording waiting = record("sync", fleet, 3, 50);
  CHECK(waiting.elapsed / 50 > 500);
}

TEST_CASE("ata, any fleet, takes its batch from each version, fresh, and loses nothing") {
  CHECK(rc::check("rounds", [](std::uint64_t seed) {
    const FleetConfig fleet = testing::random_fleet();
    const auto batch = *rc::gen::inRange<std::uint64_t>(1, 30);
    const Recording recording = record(with("ata", "batch", batch), fleet, seed, 30);
    for (const UpdateRecord& update : recording.updates) {
      RC_ASSERT(update.gradients.size() == batch);
      for (const GradientRecord& gradient : update.gradients) RC_ASSERT(gradient.staleness == 0U);
    }
    RC_ASSERT(recording.account.cancelled == 0U);
    RC_ASSERT(recording.account.dropped == 0U);
  }));
}

TEST_CASE("ata learns who is fast: in the end the fast do nearly all, for little worker time") {
  FleetConfig fleet;
  fleet.workers = 6;
  fleet.delay = "3*exponential(rate=1),3*exponential(rate=0.01)";
  const Recording recording = record("ata(batch=12)", fleet, 5, 20000);
  std::size_t slow = 0;
  for (std::size_t i = 19000; i < 20000; ++i) {
    for (const GradientRecord& gradient : recording.updates[i].gradients) {
      if (gradient.worker >= 3) ++slow;
    }
  }
  CHECK(slow < 12000 / 20);
}

TEST_CASE("gradient coding, any even fleet, waits for the first of each group, and for no other") {
  CHECK(rc::check("first of each pair", [](std::uint64_t seed) {
    FleetConfig fleet;
    fleet.workers = 2 * *rc::gen::inRange<std::uint32_t>(1, 9);
    fleet.delay = testing::random_law();
    const Recording recording = record("gradient-coding(stragglers=1)", fleet, seed, 30);
    for (const UpdateRecord& update : recording.updates) {
      std::set<WorkerId> groups;
      for (const GradientRecord& gradient : update.gradients) groups.insert(gradient.worker / 2);
      RC_ASSERT(update.gradients.size() == fleet.workers / 2);
      RC_ASSERT(groups.size() == fleet.workers / 2);
    }
  }));
}

TEST_CASE("cyclic gradient coding, any fleet, waits for any n - s workers, and for no other") {
  CHECK(rc::check("n - s of them", [](std::uint64_t seed) {
    FleetConfig fleet;
    fleet.workers = *rc::gen::inRange<std::uint32_t>(3, 13);
    fleet.delay = testing::random_law();
    const Recording recording =
        record("gradient-coding(stragglers=2, code=cyclic)", fleet, seed, 30);
    for (const UpdateRecord& update : recording.updates) {
      std::set<WorkerId> workers;
      double last = 0;
      for (const GradientRecord& gradient : update.gradients) {
        workers.insert(gradient.worker);
        RC_ASSERT(gradient.push >= last);
        last = gradient.push;
      }
      RC_ASSERT(update.gradients.size() == fleet.workers - 2);
      RC_ASSERT(workers.size() == fleet.workers - 2);
    }
  }));
}

TEST_CASE("async-minibatch, any fleet and batch, drops few of the gradients of little delay") {
  CHECK(rc::check(
      "an update makes at most tau too old of those with delay <= tau", [](std::uint64_t seed) {
        const FleetConfig fleet = testing::random_fleet();
        const auto batch = *rc::gen::inRange<std::uint64_t>(0, 2 * fleet.workers);
        const Recording recording =
            record(with("async-minibatch", "batch", batch), fleet, seed, 60);
        RC_ASSERT(recording.account.cancelled == 0U);
        RC_ASSERT(recording.idle == 0);
        std::vector<std::uint64_t> began(fleet.workers, 0);
        std::vector<std::uint64_t> dropped(1, 0);  // by delay
        std::uint64_t arrivals = 0;
        std::size_t version = 0;
        std::size_t taken = 0;
        for (const testing::Delivery& delivery : recording.deliveries) {
          const std::uint64_t delay = arrivals++ - began[delivery.job.worker];
          began[delivery.job.worker] = arrivals;
          if (delivery.job.read == version) {
            const GradientRecord& gradient = recording.updates[version].gradients[taken];
            RC_ASSERT(gradient.worker == delivery.job.worker);
            RC_ASSERT(gradient.staleness == 0U);
            if (++taken == recording.updates[version].gradients.size()) {
              taken = 0;
              ++version;
            }
          } else {
            if (dropped.size() <= delay) dropped.resize(delay + 1, 0);
            ++dropped[delay];
          }
        }
        std::uint64_t within = 0;
        for (std::uint64_t tau = 0; tau < dropped.size(); ++tau) {
          within += dropped[tau];
          RC_ASSERT(within <= tau * version);
        }
        RC_ASSERT(within == recording.account.dropped);
      }));
}

TEST_CASE("async-minibatch finds the delays of equal workers") {
  FleetConfig fleet;
  fleet.workers = 9;
  fleet.delay = "gamma(shape=100, scale=0.01)";
  // About 8 gradients come while one is computed, and hardly any others.
  const Recording recording = record("async-minibatch", fleet, 1, 400);
  std::size_t used = 0;
  for (std::size_t i = 200; i < 400; ++i) used += recording.updates[i].gradients.size();
  CHECK(used == 200 * 8);
}

TEST_CASE("async-minibatch does not wait for the delays of a few that are hardly ever done") {
  FleetConfig fleet;
  fleet.workers = 20;
  fleet.delay = "2*exponential(rate=1),18*exponential(rate=0.0005)";
  const Recording recording = record("async-minibatch", fleet, 1, 400);
  for (std::size_t i = 200; i < 400; ++i) {
    CHECK(recording.updates[i].gradients.size() <= 4);
  }
}

TEST_CASE("stsyn that waits for all of U steps, and allows no more, is fedavg, any fleet") {
  CHECK(rc::check("equal records", [](std::uint64_t seed) {
    const FleetConfig fleet = testing::random_fleet();
    const auto steps = *rc::gen::inRange<std::uint64_t>(1, 5);
    const std::string all =
        ", k=" + std::to_string(fleet.workers) + ", cap=" + std::to_string(steps);
    RC_ASSERT(run(with("stsyn", "steps", steps, all.c_str()), fleet, seed) ==
              run(with("fedavg", "steps", steps), fleet, seed));
  }));
}

TEST_CASE("stsyn, any fleet, ends a round when K have done U steps, and takes all that is done") {
  CHECK(rc::check("against the durations", [](std::uint64_t seed) {
    const FleetConfig fleet = testing::random_fleet();
    const auto k = *rc::gen::inRange<std::size_t>(1, fleet.workers + 1);
    const std::string more = ", steps=3, cap=7";
    const Recording recording = record(with("stsyn", "k", k, more.c_str()), fleet, seed, 20);
    RC_ASSERT(recording.account.cancelled == 0U);
    // A stopped job is delivered as soon as it is stopped; each worker delivers once a round.
    std::size_t next = 0;
    for (const UpdateRecord& update : recording.updates) {
      std::size_t done = 0;
      std::size_t used = 0;
      for (WorkerId worker = 0; worker < fleet.workers; ++worker) {
        const testing::Delivery& delivery = recording.deliveries[next++];
        RC_ASSERT(delivery.job.read + 1 == update.update);
        RC_ASSERT(delivery.time <= update.time);
        if (delivery.job.work.steps >= 3) ++done;
        if (delivery.job.work.steps > 0) ++used;
        // Whoever pushed before the end had done all that it may.
        if (delivery.time < update.time) RC_ASSERT(delivery.job.work.steps == 7U);
      }
      RC_ASSERT(done >= k);
      RC_ASSERT(update.gradients.size() == used);
    }
  }));
}

TEST_CASE("mindflayer, any law, does not give up ever sooner") {
  for (const char* law :
       {"exponential(rate=1)", "gamma(shape=4, scale=0.25)", "uniform(low=1, high=2)",
        "pareto(scale=1, shape=1.5)", "constant(value=1)"}) {
    CAPTURE(law);
    FleetConfig fleet;
    fleet.workers = 8;
    fleet.delay = law;
    const Recording recording = record("mindflayer(gradients=8)", fleet, 2, 3000);
    // At the median one attempt of two fails; a limit that shrinks would make nearly all fail.
    CHECK(recording.account.cancelled < 3 * recording.account.applied);
    // And it would not get anywhere: a round is of about ten gradients of mean time 1 to 3.
    CHECK(recording.elapsed < 3000 * 12);
  }
}

TEST_CASE("backup workers, more than there are workers, and the like are refused") {
  PolicyContext context;
  context.workers = 4;
  for (const char* text :
       {"backup-workers(backups=4)", "softsync(n=5)", "softsync(n=0)", "fastest-k(start=5)",
        "throttle(q=1)", "rennala", "rennala(batch=0)", "ringmaster", "clipped-asgd(norm=-1)",
        "delay-adaptive(beyond=hope)", "rescaled(by=guess)", "mindflayer(gradients=0)",
        "picky(radius=0)", "ata(batch=0)", "gradient-coding(stragglers=2)", "malenia(gradients=-1)",
        "backup-workers(rest=keep)"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(static_cast<void>(make_policy(text, context)), ConfigError);
  }
}

}  // namespace
}  // namespace syncline
