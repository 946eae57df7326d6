// A run depends on its configuration alone: not on the number of threads, not on being interrupted.

#include <optional>

#include <doctest/doctest.h>

#include "fleet/training_support.hpp"
#include "support/small_disk.hpp"
#include "support/temporary_folder.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

using testing::run;
using testing::same_bits;
using testing::short_run;
using testing::TemporaryFolder;
using testing::tiny_workload;

const char* const every_policy[] = {"sync",
                                    "k-sync(k=3)",
                                    "k-sync(k=3, rest=finish)",
                                    "k-batch-sync(k=4)",
                                    "k-async(k=3)",
                                    "k-batch-async(k=4)",
                                    "async",
                                    "adasync(base=k-sync, k0=1, interval=3)",
                                    "adasync(base=k-batch-async, k0=2, interval=3, k_max=9)",
                                    "adasync(base=k-async, k0=1, interval=3, rule=general)",
                                    "ringmaster(limit=3)",
                                    "ringmaster(limit=4, stops=no)",
                                    "clipped-asgd",
                                    "throttle(q=1.5)",
                                    "throttle(q=1.5, radius=1, robust=yes)",
                                    "mindflayer(gradients=12)",
                                    "delay-adaptive(beyond=skip)",
                                    "softsync(n=2)",
                                    "ssp(slack=1)",
                                    "picky(radius=0.05)",
                                    "gap-aware",
                                    "dc-asgd(lambda=2, adaptive=yes)",
                                    "fastest-k(threshold=1, burn_in=3)",
                                    "dbw",
                                    "dbw(rest=cancel)",
                                    "async-minibatch",
                                    "gradient-coding(stragglers=1)",
                                    "gradient-coding(stragglers=2, code=cyclic)",
                                    "ata(batch=7)",
                                    "malenia",
                                    "ringleader",
                                    "ia2sgd",
                                    "rescaled",
                                    "fedavg(steps=3, clients=4, quorum=3)",
                                    "adacomm(steps=5, interval=3)",
                                    "fedbuff(buffer=3, steps=2)",
                                    "fedasync(steps=2)",
                                    "async-local-sgd(steps=4)",
                                    "fedlomo(steps=2)",
                                    "fedglomo(steps=2, clients=4)",
                                    "stsyn(steps=2, cap=4)"};

/// Sets an optimizer, unless the policy brings one of its own.
void choose_optimizer(RunConfig& config, const std::string& optimizer) {
  PolicyContext context;
  context.workers = config.fleet.workers;
  context.runtimes = [](const std::string&, std::uint64_t k_max) {
    return std::vector<double>(k_max, 1.0);
  };
  if (make_policy(config.policy, context)->requirements().optimizer.empty()) {
    config.optimizer.name = optimizer;
  }
}

/// A log without its head, which tells the limit that the run began with.
std::string records(const std::filesystem::path& path) {
  const std::string log = testing::read_file(path);
  return log.substr(log.find('\n'));
}

TEST_CASE("training with 1, 2 and 3 threads, every policy, gives the same log and weights") {
  const auto workload = tiny_workload<float>("softmax(lambda=0.01)");
  for (const char* policy : every_policy) {
    CAPTURE(policy);
    const TemporaryFolder folder;
    RunConfig config = short_run(policy);
    choose_optimizer(config, "adam");
    config.optimizer.step_size = 0.01;
    config.fleet.lifetime = "exponential(rate=0.05)";
    config.fleet.absence = "exponential(rate=0.5)";
    config.log = (folder / "1").string();
    const auto one = run<float>(config, workload);
    for (const std::uint32_t threads : {2U, 3U}) {
      config.threads = threads;
      config.log = (folder / std::to_string(threads)).string();
      const auto several = run<float>(config, workload);
      CHECK(same_bits(one.state, several.state));
      CHECK((testing::read_file(folder / "1") == testing::read_file(config.log)));
    }
    CHECK(one.result.updates == config.stop.updates);
  }
}

TEST_CASE("a target, with any number of threads, ends the run at the same instant") {
  const auto workload = tiny_workload<float>("softmax(lambda=0.01)");
  RunConfig config = short_run("k-async(k=2)");
  config.stop.updates = 100000;
  config.stop.target = 0.2;
  const auto one = run<float>(config, workload);
  config.threads = 3;
  const auto three = run<float>(config, workload);
  CHECK(one.result.outcome == Outcome::target);
  CHECK(one.result.updates < 100000);
  CHECK(one.result.updates == three.result.updates);
  CHECK(same_bits(one.state, three.state));
}

TEST_CASE("a run that is stopped and resumed, every policy, equals one that was not") {
  const auto workload = tiny_workload<double>("softmax(lambda=0.01)");
  for (const char* policy : every_policy) {
    for (const std::uint64_t stop_at : {1ULL, 23ULL, 59ULL}) {
      CAPTURE(policy);
      CAPTURE(stop_at);
      const TemporaryFolder folder;
      RunConfig config = short_run(policy);
      choose_optimizer(config, "momentum(momentum=0.9)");
      config.optimizer.rule = "staleness(c=0.001)";
      config.fleet.slowness = "markov(mean_normal=5, mean_slow=2, factor=4)";
      config.fleet.lifetime = "exponential(rate=0.05)";
      config.fleet.absence = "exponential(rate=0.5)";
      config.log = (folder / "whole").string();
      const auto whole = run<double>(config, workload);

      config.log = (folder / "parts").string();
      config.checkpoint = (folder / "checkpoint").string();
      config.stop.updates = stop_at;
      run<double>(config, workload);
      config.resume = config.checkpoint;
      config.stop.updates = 60;
      config.threads = 2;
      const auto parts = run<double>(config, workload);

      CHECK(same_bits(whole.state, parts.state));
      CHECK((records(folder / "whole") == records(folder / "parts")));
      CHECK(whole.result.idle_fraction == parts.result.idle_fraction);
      CHECK(whole.result.staleness.counts() == parts.result.staleness.counts());
      CHECK(whole.result.contributions == parts.result.contributions);
      CHECK(whole.result.points.size() == parts.result.points.size());
    }
  }
}

TEST_CASE("an interrupt, in the middle of a run, ends it cleanly with what was measured") {
  const auto workload = tiny_workload<float>("softmax(lambda=0.01)");
  const TemporaryFolder folder;
  RunConfig config = short_run("async");
  config.log = (folder / "whole").string();
  const auto whole = run<float>(config, workload);

  std::atomic<bool> interrupted{false};
  Progress progress;
  progress.interrupted = &interrupted;
  progress.report = [&](const std::string&, double fraction) { interrupted = fraction > 0.4; };
  config.log = (folder / "parts").string();
  config.checkpoint = (folder / "checkpoint").string();
  const auto part = run<float>(config, workload, progress);
  CHECK(part.result.outcome == Outcome::interrupted);
  CHECK(part.result.updates > 0);
  CHECK(part.result.updates < 60);
  CHECK_FALSE(part.result.points.empty());

  config.resume = config.checkpoint;
  const auto rest = run<float>(config, workload);
  CHECK(same_bits(whole.state, rest.state));
  CHECK((testing::read_file(folder / "whole") == testing::read_file(folder / "parts")));
}

TEST_CASE("a run that ended at its target, resumed, ends at once with the same weights") {
  const auto workload = tiny_workload<float>("softmax(lambda=0.01)");
  const TemporaryFolder folder;
  RunConfig config = short_run("async");
  config.stop.updates = 100000;
  config.stop.target = 0.2;
  config.log = (folder / "log").string();
  config.checkpoint = (folder / "checkpoint").string();
  const auto first = run<float>(config, workload);
  const std::string log = testing::read_file(config.log);
  REQUIRE(first.result.outcome == Outcome::target);
  config.resume = config.checkpoint;
  const auto again = run<float>(config, workload);
  CHECK(again.result.outcome == Outcome::target);
  CHECK(again.result.updates == first.result.updates);
  CHECK(again.result.points.size() == first.result.points.size());
  CHECK(same_bits(first.state, again.state));
  CHECK((testing::read_file(config.log) == log));
}

TEST_CASE("a finished run can be continued beyond its limits, on its first grid") {
  const auto workload = tiny_workload<float>("softmax(lambda=0.01)");
  const TemporaryFolder folder;
  RunConfig config = short_run("async");
  config.stop.evaluate_every = 0;  // every update: 60 / 100
  config.stop.updates = 60;
  config.checkpoint = (folder / "checkpoint").string();
  run<float>(config, workload);
  config.resume = config.checkpoint;
  config.stop.updates = 90;
  const auto longer = run<float>(config, workload);
  CHECK(longer.result.updates == 90);
  CHECK(longer.result.points.size() == 91);
}

TEST_CASE("a checkpoint, a file of it truncated or changed at any place, is refused") {
  const auto workload = tiny_workload<float>("quadratic(dimension=3)");
  const TemporaryFolder folder;
  RunConfig config = short_run("async");
  config.stop.updates = 5;
  config.checkpoint = (folder / "checkpoint").string();
  run<float>(config, workload);
  config.resume = std::exchange(config.checkpoint, "");
  for (const char* name : {"state.json", "tensors.safetensors", "SHA256SUMS"}) {
    CAPTURE(name);
    const std::string file = std::string("checkpoint/00000001/") + name;
    const std::string good = testing::read_file(folder / file);
    REQUIRE(!good.empty());
    for (std::size_t length = 0; length < good.size(); length += 7) {
      folder.write(file, good.substr(0, length));
      CHECK_THROWS_AS(run<float>(config, workload), DataError);
    }
    for (std::size_t at = 0; at < good.size(); at += 13) {
      std::string changed = good;
      changed[at] = static_cast<char>(changed[at] ^ 0x20);
      folder.write(file, changed);
      CHECK_THROWS_AS(run<float>(config, workload), DataError);
    }
    folder.write(file, good);
  }
  CHECK_NOTHROW(run<float>(config, workload));
}

TEST_CASE("where the last checkpoint is damaged, a run goes on from the one before and says so") {
  const auto workload = tiny_workload<float>("quadratic(dimension=3)");
  const TemporaryFolder folder;
  RunConfig config = short_run("async");
  const auto whole = run<float>(config, workload);
  config.checkpoint = (folder / "checkpoint").string();
  config.checkpoint_every = 1e-9;  // at every update
  config.keep_checkpoints = 4;
  config.stop.updates = 20;
  run<float>(config, workload);
  CHECK(testing::entries(folder / "checkpoint") == 4 + 1);  // and the lock
  const std::string newest = "checkpoint/00000021/state.json";
  folder.write(newest, testing::read_file(folder / newest) + " ");
  config.resume = config.checkpoint;
  config.stop.updates = 60;
  const auto rest = run<float>(config, workload);
  CHECK(same_bits(whole.state, rest.state));
  REQUIRE(!rest.result.notes.empty());
  CHECK(rest.result.notes.front().second.find("going back to the one before") != std::string::npos);
}

TEST_CASE("a checkpoint that can't be written costs neither the run nor the one before") {
  const auto workload = tiny_workload<float>("softmax(lambda=0.01)");
  const TemporaryFolder folder;
  RunConfig config = short_run("async");
  const auto whole = run<float>(config, workload);
  config.checkpoint = (folder / "checkpoint").string();
  config.checkpoint_every = 1e-9;
  std::optional<testing::SmallDisk> disk;
  Progress progress;
  progress.report = [&](const std::string&, double fraction) {
    if (fraction > 0.5 && !disk) disk.emplace(1000);
  };
  const auto full = run<float>(config, workload, progress);
  disk.reset();
  CHECK(full.result.outcome == Outcome::finished);
  CHECK(same_bits(whole.state, full.state));
  REQUIRE(!full.result.notes.empty());
  CHECK(full.result.notes.back().second.find("could not be written") != std::string::npos);
  config.resume = std::exchange(config.checkpoint, "");
  const auto rest = run<float>(config, workload);
  CHECK(same_bits(whole.state, rest.state));
}

TEST_CASE("two runs can't write to one folder of checkpoints") {
  const auto workload = tiny_workload<float>("quadratic(dimension=3)");
  const TemporaryFolder folder;
  RunConfig config = short_run("async");
  config.checkpoint = (folder / "checkpoint").string();
  Progress progress;
  bool tried = false;
  progress.report = [&](const std::string&, double) {
    if (std::exchange(tried, true)) return;
    CHECK_THROWS_WITH_AS(run<float>(config, workload), doctest::Contains("in use"), DataError);
  };
  run<float>(config, workload, progress);
  CHECK(tried);
}

TEST_CASE("a run that is to go on from where it is to write checkpoints begins if there is none") {
  const auto workload = tiny_workload<float>("softmax(lambda=0.01)");
  const TemporaryFolder folder;
  RunConfig config = short_run("async");
  const auto whole = run<float>(config, workload);
  config.checkpoint = config.resume = (folder / "checkpoint").string();
  config.stop.updates = 20;
  CHECK(run<float>(config, workload).result.updates == 20);
  config.stop.updates = 60;
  CHECK(same_bits(whole.state, run<float>(config, workload).state));
  config.resume = (folder / "elsewhere").string();
  CHECK_THROWS_AS(run<float>(config, workload), DataError);
}

TEST_CASE("a checkpoint of another configuration is refused with the key that differs") {
  const auto workload = tiny_workload<float>("quadratic(dimension=3)");
  const TemporaryFolder folder;
  RunConfig config = short_run("async");
  config.stop.updates = 5;
  config.checkpoint = (folder / "checkpoint").string();
  run<float>(config, workload);
  config.resume = config.checkpoint;
  config.optimizer.step_size = 0.25;
  CHECK_THROWS_WITH_AS(run<float>(config, workload), doctest::Contains("/optimizer/step_size"),
                       ConfigError);
}

TEST_CASE("a log or checkpoint that can't even be begun is an error, not a success") {
  const auto workload = tiny_workload<float>("quadratic(dimension=3)");
  RunConfig config = short_run("async");
  config.log = "/dev/full";
  CHECK_THROWS_AS(run<float>(config, workload), DataError);
  config.log.clear();
  config.checkpoint = "/proc/none/checkpoint";
  CHECK_THROWS_AS(run<float>(config, workload), DataError);
}

}  // namespace
}  // namespace syncline
