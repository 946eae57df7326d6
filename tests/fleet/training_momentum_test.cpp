// Momentum at the workers: what is pushed, what is remembered of it, and that a stop changes
// nothing.

#include <doctest/doctest.h>

#include "fleet/training_support.hpp"
#include "fleet/worker/momentum.hpp"
#include "support/temporary_folder.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

using testing::run;
using testing::same_bits;
using testing::short_run;
using testing::tiny_workload;

using Vector = std::vector<double>;

TEST_CASE("a payload that is used leaves its momentum behind, one that is not leaves nothing") {
  WorkerMomentum<double> momentum(0.75, 2, 3);
  const auto pushed = [&](Vector payload, bool used) {
    const auto memory = momentum.apply(momentum.memory(1), payload);
    if (used) momentum.commit(1, memory);
    return payload;
  };
  // The third number is a statistic.
  CHECK(pushed({4, 8, 5}, false) == Vector{4, 8, 5});
  CHECK(momentum.rememberers().empty());
  CHECK(pushed({4, 8, 5}, true) == Vector{4, 8, 5});
  CHECK(pushed({0, 4, 6}, false) == Vector{3, 7, 6});
  CHECK(pushed({0, 4, 6}, true) == Vector{3, 7, 6});
  CHECK(pushed({-1, 3, 7}, true) == Vector{2, 6, 7});
  CHECK(momentum.rememberers() == std::vector<std::uint32_t>{1});
  CHECK(*momentum.vectors().at(0) == Vector{2, 6});
  // Others have nothing of it.
  Vector other = {1, 1, 1};
  static_cast<void>(momentum.apply(momentum.memory(0), other));
  CHECK(other == Vector{1, 1, 1});
}

TEST_CASE("no momentum holds nothing, and one of 1 or more is refused") {
  WorkerMomentum<float> none(0, 2, 3);
  std::vector<float> payload = {1, 2, 3};
  none.commit(0, none.apply(none.memory(0), payload));
  CHECK(payload == std::vector<float>{1, 2, 3});
  CHECK(none.vectors().empty());
  for (const double beta : {1.0, -0.1, 2.0}) {
    CHECK_THROWS_AS(WorkerMomentum<float>(beta, 2, 3), ConfigError);
  }
}

TEST_CASE("sync with worker momentum takes the steps of its formula") {
  const auto workload = tiny_workload<double>("quadratic(dimension=3, noise=0)");
  RunConfig config = short_run("sync");
  config.worker.momentum = 0.9;
  config.stop.updates = 20;
  Vector w(3), gradient(3), m;
  workload->initialise(config.seed, w);
  const auto replica = workload->make_replica();
  for (int step = 0; step < 20; ++step) {
    replica->gradient(w, {}, {}, gradient);
    if (m.empty()) m = gradient;
    for (std::size_t i = 0; i < 3; ++i) {
      m[i] = 0.9 * m[i] + 0.1 * gradient[i];
      w[i] -= config.optimizer.step_size * m[i];
    }
  }
  const Vector state = run<double>(config, workload).state;
  // Six equal payloads times 1/6 are rounded.
  for (std::size_t i = 0; i < 3; ++i) CHECK(state[i] == doctest::Approx(w[i]).epsilon(1e-13));
}

TEST_CASE("a median under an attack within the spread ends far lower with worker momentum") {
  // Of the variance of g momentum 0.9 leaves (1 - 0.9) / (1 + 0.9), a nineteenth, and the attack's
  // bias is in proportion to the deviation: the excess loss would fall as much but for its floor.
  const auto workload = tiny_workload<double>("quadratic(dimension=20, noise=1)");
  RunConfig config = short_run("sync");
  config.fleet.workers = 8;
  config.model.batch = 1;
  config.server.aggregator = "median";
  config.worker.attack = "a-little-is-enough(workers=2)";
  config.stop.updates = 1000;
  config.stop.evaluate_every = 1000;
  const double without = run<double>(config, workload).result.final_metrics->test_loss;
  config.worker.momentum = 0.9;
  CHECK(run<double>(config, workload).result.final_metrics->test_loss < without / 5);
}

TEST_CASE("worker momentum, payloads dropped and jobs cancelled, needs no certain threads") {
  const auto workload = tiny_workload<float>("softmax(lambda=0.01)");
  for (const char* policy : {"k-sync(k=3)", "k-sync(k=3, rest=finish)", "async", "gap-aware",
                             "delay-adaptive(beyond=skip)", "ia2sgd"}) {
    CAPTURE(policy);
    RunConfig config = short_run(policy);
    const auto plain = run<float>(config, workload).state;
    config.worker.momentum = 0.9;
    const auto one = run<float>(config, workload).state;
    config.threads = 3;
    CHECK(same_bits(one, run<float>(config, workload).state));
    CHECK_FALSE(same_bits(one, plain));
  }
}

TEST_CASE("a run with worker momentum that is stopped and resumed equals one that was not") {
  const auto workload = tiny_workload<double>("softmax(lambda=0.01)");
  for (const char* policy : {"k-sync(k=3)", "async", "ringleader"}) {
    CAPTURE(policy);
    const testing::TemporaryFolder folder;
    RunConfig config = short_run(policy);
    config.worker.momentum = 0.9;
    config.worker.codec = "top-k(share=0.1)";
    config.stop.updates = 30;
    const auto whole = run<double>(config, workload);
    config.checkpoint = (folder / "checkpoint").string();
    config.stop.updates = 13;
    run<double>(config, workload);
    config.resume = config.checkpoint;
    config.stop.updates = 30;
    config.threads = 2;
    CHECK(same_bits(whole.state, run<double>(config, workload).state));
  }
}

TEST_CASE("worker momentum of jobs that are not one gradient is refused, with the reason") {
  const auto workload = tiny_workload<float>("softmax(lambda=0.01)");
  for (const char* policy : {"fedavg(steps=2)", "gradient-coding(stragglers=1)",
                             "gradient-coding(stragglers=1, code=cyclic)"}) {
    CAPTURE(policy);
    RunConfig config = short_run(policy);
    config.worker.momentum = 0.5;
    CHECK_THROWS_WITH_AS(run<float>(config, workload), doctest::Contains("one gradient each"),
                         ConfigError);
  }
}

}  // namespace
}  // namespace syncline
