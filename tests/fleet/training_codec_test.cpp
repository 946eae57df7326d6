// Codecs in whole runs: what they cost in time, what they leave of a model, and that error feedback
// survives stops, cancels and threads.

#include <algorithm>
#include <cmath>

#include <doctest/doctest.h>

#include "fleet/training_support.hpp"
#include "fleet/virtual/run_timing.hpp"
#include "support/temporary_folder.hpp"
#include "syncline/error.hpp"
#include "syncline/safetensors.hpp"

namespace syncline {
namespace {

using testing::run;
using testing::same_bits;
using testing::short_run;
using testing::tiny_workload;

RunConfig coded(const std::string& policy, const std::string& codec) {
  RunConfig config = short_run(policy);
  config.worker.codec = codec;
  return config;
}

constexpr const char* every_codec[] = {"fp16",
                                       "bf16",
                                       "qsgd(bits=4)",
                                       "top-k(share=0.1)",
                                       "random-k(share=0.2)",
                                       "sign",
                                       "ticket(sparsity=0.5)"};

TEST_CASE("training with every codec, any number of threads, gives the same bits and learns") {
  const auto workload = tiny_workload<float>("softmax(lambda=0.01)");
  const double untrained = 1.0 - 1.0 / 3;
  for (const char* codec : every_codec) {
    CAPTURE(codec);
    RunConfig config = coded("k-sync(k=3)", codec);
    config.stop.updates = 150;
    const auto one = run<float>(config, workload);
    config.threads = 3;
    CHECK(same_bits(one.state, run<float>(config, workload).state));
    CHECK(one.result.final_metrics->test_error < untrained / 2);
  }
}

TEST_CASE("a run with error feedback that is stopped and resumed equals one that was not") {
  const auto workload = tiny_workload<double>("softmax(lambda=0.01)");
  for (const char* codec : {"top-k(share=0.05)", "sign", "qsgd(bits=3)"}) {
    for (const char* policy : {"k-sync(k=3)", "async", "fedglomo(steps=2)"}) {
      CAPTURE(codec);
      CAPTURE(policy);
      const testing::TemporaryFolder folder;
      RunConfig config = coded(policy, codec);
      config.worker.pull_codec = "fp16";
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
}

TEST_CASE("messages are as long as codec and policy make them, and take time accordingly") {
  const auto workload = tiny_workload<float>("quadratic(dimension=1000)");
  const auto trip = [&](const char* policy, const char* push, const char* pull) {
    RunConfig config = coded(policy, push);
    config.worker.pull_codec = pull;
    config.fleet.latency = 1;
    config.fleet.bandwidth = 1000;
    const auto timing = run_timing(config, *workload);
    return std::pair(timing->pull, timing->push);
  };
  CHECK(trip("async", "none", "none") == std::pair(1 + 4.0, 1 + 4.0));
  CHECK(trip("async", "fp16", "none") == std::pair(1 + 4.0, 1 + 2.0));
  CHECK(trip("async", "none", "bf16") == std::pair(1 + 2.0, 1 + 4.0));
  // Two states to the worker, two vectors back.
  CHECK(trip("fedglomo", "fp16", "none") == std::pair(1 + 8.0, 1 + 4.0));
  CHECK(trip("fedlomo", "fp16", "none") == std::pair(1 + 4.0, 1 + 2.0));
}

TEST_CASE("a ticket leaves the same parameters at zero from the first step to the last") {
  const auto workload = tiny_workload<float>("softmax(lambda=0.01)");
  RunConfig config = coded("async", "ticket(sparsity=0.8)");
  config.optimizer.name = "momentum";
  config.optimizer.weight_decay = 0.01;
  config.stop.updates = 1;
  const auto early = run<float>(config, workload).state;
  config.stop.updates = 200;
  const auto late = run<float>(config, workload).state;
  std::size_t zeros = 0;
  for (std::size_t i = 0; i < late.size(); ++i) {
    CHECK((early[i] == 0) == (late[i] == 0));
    if (late[i] == 0) ++zeros;
  }
  CHECK(zeros > late.size() / 2);
}

TEST_CASE("a hybrid ticket starts from the trained weights of its file, those it keeps") {
  const auto workload = tiny_workload<float>("softmax(lambda=0.01)");
  const testing::TemporaryFolder folder;
  const std::string file = (folder / "trained.safetensors").string();
  const auto trained = run<float>(coded("sync", "none"), workload).state;
  write_safetensors<float>(file, workload->layout(), trained);

  RunConfig config = coded("async", "ticket(sparsity=0.8, weights=" + file + ")");
  config.optimizer.step_size = 1e-30;
  config.stop.updates = 1;
  const auto start = run<float>(config, workload).state;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < start.size(); ++i) {
    CHECK((start[i] == 0 || start[i] == trained[i]));
    if (start[i] != 0) ++kept;
  }
  // A fifth of 3 x 64 weights, and the biases.
  CHECK(kept == 3 * 64 / 5 + 3);

  // A checkpoint is of one ticket, and the file may have changed since.
  config.checkpoint = (folder / "checkpoint").string();
  run<float>(config, workload);
  config.resume = config.checkpoint;
  config.stop.updates = 2;
  CHECK_NOTHROW(run<float>(config, workload));
  auto other = trained;
  std::reverse(other.begin(), other.begin() + 3 * 64);
  write_safetensors<float>(file, workload->layout(), other);
  CHECK_THROWS_WITH_AS(run<float>(config, workload), doctest::Contains("of another ticket"),
                       DataError);
}

TEST_CASE("a codec that can't work is refused, with the reason") {
  const auto workload = tiny_workload<float>("softmax(lambda=0.01)");
  RunConfig config = coded("sync", "top-k(share=0.01)");
  config.server.aggregator = "median";
  CHECK_THROWS_WITH_AS(run<float>(config, workload), doctest::Contains("can't work with the"),
                       ConfigError);
  config.worker.codec = "fp16";
  CHECK_NOTHROW(run<float>(config, workload));
  config = coded("sync", "none");
  config.worker.pull_codec = "top-k(share=0.01)";
  CHECK_THROWS_AS(run<float>(config, workload), ConfigError);
}

}  // namespace
}  // namespace syncline
