// Servers whose parameters are in shards, all within one process: the real coordinator, shards and
// workers. Nothing depends on how long anything takes.

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck.h>

#include "fleet/live/shard_threads.hpp"
#include "fleet/live/working_thread.hpp"
#include "fleet/shards/shard_messages.hpp"
#include "fleet/shards/slices.hpp"
#include "fleet/training/load_workload.hpp"
#include "fleet/training_support.hpp"
#include "support/policy_samples.hpp"
#include "support/temporary_folder.hpp"
#include "syncline/error.hpp"
#include "transport/inproc.hpp"
#include "transport/transport_error.hpp"

namespace syncline {
namespace {

using testing::Finished;
using testing::same_bits;
using testing::ShardThreads;
using testing::short_run;
using testing::TemporaryFolder;
using testing::WorkingThread;

TEST_CASE("slices lie side by side, on block edges, and cover parameters and buffers") {
  rc::check([] {
    const auto dimension = *rc::gen::inRange<std::size_t>(1, 100'000);
    const auto buffers = *rc::gen::inRange<std::size_t>(0, 100);
    const auto shards = *rc::gen::inRange<std::uint32_t>(1, 12);
    const std::size_t blocks = (dimension + sum_block - 1) / sum_block;
    if (shards > blocks) {
      RC_ASSERT_THROWS_AS(Slices(dimension, buffers, shards), ConfigError);
      return;
    }
    const Slices slices(dimension, buffers, shards);
    std::vector<int> state(dimension + buffers);
    std::size_t reached = 0;
    for (std::uint32_t shard = 0; shard < shards; ++shard) {
      RC_ASSERT(slices.begin(shard) == reached);
      RC_ASSERT(reached % sum_block == 0U);
      RC_ASSERT(slices.parameters(shard) > 0U);
      const auto part = slices.part(shard, std::span<int>(state));
      RC_ASSERT(part.data() == state.data() + reached);
      RC_ASSERT(part.size() == slices.length(shard));
      reached += slices.parameters(shard);
    }
    RC_ASSERT(reached == dimension);
    RC_ASSERT(slices.begin(shards - 1) + slices.length(shards - 1) == state.size());
  });
}

template <class Message, std::size_t... indices>
std::vector<Message> one_of_each(std::index_sequence<indices...>) {
  return {Message(std::in_place_index<indices>)...};
}

TEST_CASE("messages of shards, every kind, come back as they were, and cut ones are refused") {
  const auto check = [](auto messages, auto decode) {
    for (const auto& message : messages) {
      CAPTURE(message.index());
      const auto bytes = encode_message(message);
      std::span<const std::byte> body;
      CHECK(encode_message(decode(bytes, body)) == bytes);
      CHECK(body.empty());
      for (std::size_t length = 0; length < bytes.size(); ++length) {
        CHECK_THROWS_AS(decode(std::span(bytes).first(length), body), MalformedMessage);
      }
    }
  };
  check(one_of_each<ToShard>(std::make_index_sequence<std::variant_size_v<ToShard>>()),
        [](auto bytes, auto& body) { return decode_to_shard(bytes, body); });
  check(one_of_each<FromShard>(std::make_index_sequence<std::variant_size_v<FromShard>>()),
        [](auto bytes, auto& body) { return decode_from_shard(bytes, body); });
  std::span<const std::byte> body;
  const std::vector<std::byte> unknown(1, std::byte{200});
  CHECK_THROWS_AS(decode_to_shard(unknown, body), MalformedMessage);
  CHECK_THROWS_AS(decode_from_shard(unknown, body), MalformedMessage);
}

constexpr std::uint32_t workers = 4;

RunConfig sharded_run(const std::string& policy, const TemporaryFolder& folder) {
  RunConfig config = short_run(policy);
  config.fleet.kind = "grpc";
  config.fleet.workers = workers;
  config.fleet.inject_delay = "exponential(rate=5000)";
  // Three blocks, the last of them not full.
  config.model.workload = "quadratic(dimension=9000, noise=0.1)";
  config.model.precision = "float64";
  config.optimizer.step_size = 0.01;
  config.stop.updates = 15;
  config.stop.evaluate_every = 0.01;
  config.log = (folder / "log").string();
  return config;
}

Finished<double> serve(const RunConfig& config, std::uint32_t shard_count,
                       const Progress& progress = {}, ShardThreads* own = nullptr) {
  std::optional<ShardThreads> made;
  if (own == nullptr) own = &made.emplace(shard_count);
  InprocNetwork network;
  std::vector<std::unique_ptr<WorkingThread>> threads;
  for (std::uint32_t i = 0; i < workers; ++i) {
    threads.push_back(std::make_unique<WorkingThread>(
        network, "w", "", [own](const std::string& address) { return own->dial(address); }));
  }
  WayToWorkers way{network.server()};
  way.shards = own->ways();
  TrainingRun<double> training(config, load_workload<double>(config.model),
                               testing::timing_of(config), std::move(way));
  RunResult result = training.run(progress);
  return {std::move(result), training.state()};
}

Finished<double> replay(RunConfig config, const TemporaryFolder& folder) {
  config.replay = config.log;
  config.log = (folder / "again").string();
  config.checkpoint.clear();
  config.resume.clear();
  return testing::run<double>(config, load_workload<double>(config.model));
}

/// What makes a server do different sums.
struct Variant {
  const char* policy;
  std::function<void(RunConfig&)> change = [](RunConfig&) {};
};

std::vector<Variant> variants() {
  const auto optimizer = [](const char* name) {
    return [name](RunConfig& config) { config.optimizer.name = name; };
  };
  return {
      {"k-sync(k=2)"},
      {"k-batch-async(k=3)", optimizer("momentum(momentum=0.9)")},
      {"async", optimizer("adam")},
      {"k-async(k=2)", optimizer("normalised")},
      {"k-async(k=2)", [](RunConfig& config) { config.optimizer.clip = 0.5; }},
      {"async", [](RunConfig& config) { config.optimizer.rule = "staleness(c=0.001)"; }},
      {"async", [](RunConfig& config) { config.server.transform = "median-clip(window=5)"; }},
      {"k-sync(k=3)", [](RunConfig& config) { config.server.aggregator = "median"; }},
      {"k-async(k=2)",
       [](RunConfig& config) {
         config.worker.codec = "top-k(share=0.1)";
         config.worker.momentum = 0.5;
       }},
      {"fedavg(steps=2, clients=3)"},
      {"adasync(k0=1, interval=0.002)"},
      {"dbw"},
  };
}

TEST_CASE("a run whose parameters are in shards has the bits of one that is whole") {
  for (const Variant& variant : variants()) {
    for (const std::uint32_t shards : {1U, 3U}) {
      CAPTURE(variant.policy);
      CAPTURE(shards);
      const TemporaryFolder folder;
      RunConfig config = sharded_run(variant.policy, folder);
      variant.change(config);
      const auto live = serve(config, shards);
      CHECK(live.result.updates == 15);
      const auto whole = replay(config, folder);
      CHECK(same_bits(live.state, whole.state));
      CHECK(live.result.account.applied == whole.result.account.applied);
      CHECK(live.result.final_metrics->train_loss == whole.result.final_metrics->train_loss);
    }
  }
}

TEST_CASE("every policy works with shards, or is refused with the reason") {
  std::size_t refused = 0;
  for (const std::string& policy : testing::sample_policies()) {
    CAPTURE(policy);
    const TemporaryFolder folder;
    const RunConfig config = sharded_run(policy, folder);
    try {
      const auto live = serve(config, 2);
      CHECK(live.result.updates == 15);
      CHECK(same_bits(live.state, replay(config, folder).state));
    } catch (const ConfigError& error) {
      CHECK(std::string(error.what()).find("needs whole vectors") != std::string::npos);
      ++refused;
    }
  }
  CHECK(refused < testing::sample_policies().size() / 4);
}

TEST_CASE("a checkpoint of shards is that of any number of shards, or of none") {
  for (const Variant& variant : variants()) {
    CAPTURE(variant.policy);
    const TemporaryFolder folder;
    RunConfig config = sharded_run(variant.policy, folder);
    variant.change(config);
    config.checkpoint = (folder / "checkpoint").string();
    for (const std::uint32_t shards : {2U, 3U, 1U}) {
      CHECK(serve(config, shards).result.updates == config.stop.updates);
      config.resume = config.checkpoint;
      config.stop.updates += 5;
    }
    config.stop.updates -= 5;
    const auto last = serve(config, 2);
    // The head of the log has the limit of the first part, which ends no replay.
    config.stop.updates = 15;
    CHECK(same_bits(last.state, replay(config, folder).state));
  }
}

TEST_CASE("a shard that is gone ends the run, and the message says which and what to do") {
  const TemporaryFolder folder;
  RunConfig config = sharded_run("async", folder);
  config.stop.updates = 1'000'000'000;
  ShardThreads shards(2);
  Progress progress;
  progress.report = [&](const std::string&, double) { shards.kill(1); };
  CHECK_THROWS_WITH_AS(serve(config, 2, progress, &shards), doctest::Contains("shard 1 at 1"),
                       TransportError);
}

TEST_CASE("shards serve one run after the other") {
  ShardThreads shards(2);
  for (int i = 0; i < 3; ++i) {
    const TemporaryFolder folder;
    const RunConfig config = sharded_run("k-async(k=2)", folder);
    const auto live = serve(config, 2, {}, &shards);
    CHECK(same_bits(live.state, replay(config, folder).state));
  }
}

TEST_CASE("what needs whole vectors is refused where they are in shards") {
  const auto refused = [](const char* says, const std::function<void(RunConfig&)>& change) {
    const TemporaryFolder folder;
    RunConfig config = sharded_run("k-sync(k=4)", folder);
    change(config);
    CHECK_THROWS_WITH_AS(serve(config, 2), doctest::Contains(says), ConfigError);
  };
  refused("krum", [](RunConfig& c) { c.server.aggregator = "krum(b=0)"; });
  refused("attack", [](RunConfig& c) { c.worker.attack = "reversal(workers=1)"; });
  refused("pull_codec", [](RunConfig& c) { c.worker.pull_codec = "fp16"; });
  refused("fedglomo", [](RunConfig& c) { c.policy = "fedglomo(steps=2, clients=3)"; });
  refused("blocks", [](RunConfig& c) { c.model.workload = "quadratic(dimension=20)"; });
}

}  // namespace
}  // namespace syncline
