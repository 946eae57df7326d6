// All that is registered, on the real fleets: every codec, aggregator, attack and worker program,
// on threads, on workers at the other end of a transport, and beside two shards. Nothing depends on
// how long anything takes.

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "fleet/live/registry_samples.hpp"
#include "fleet/live/shard_threads.hpp"
#include "fleet/live/working_thread.hpp"
#include "fleet/training/load_workload.hpp"
#include "fleet/training_support.hpp"
#include "fleet/worker/codec_context.hpp"
#include "fleet/worker/program.hpp"
#include "fleet/worker/worker_parts.hpp"
#include "support/policy_samples.hpp"
#include "support/temporary_folder.hpp"
#include "support/tiny_npy.hpp"
#include "syncline/attack.hpp"
#include "syncline/codec.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

using testing::Finished;
using testing::same_bits;
using testing::samples_of;
using testing::ShardThreads;
using testing::TemporaryFolder;
using testing::WorkingThread;

// 3 x (40 x 40 + 1) parameters: enough for two shards.
constexpr testing::TinyShape pictures{.height = 40, .width = 40, .train = 60, .test = 30};
constexpr Version updates = 12;

enum class Where { threads, workers, shards };
constexpr Where everywhere[] = {Where::threads, Where::workers, Where::shards};

/// A run of a model with labels, for attacks on them, and with a matrix, for tickets.
class Stage {
 public:
  Stage() : data_(testing::tiny_npy(folder_, pictures)) {}

  [[nodiscard]] RunConfig config(const std::string& policy, std::uint32_t workers) const {
    RunConfig config = testing::short_run(policy);
    config.fleet.workers = workers;
    config.fleet.inject_delay = "exponential(rate=5000)";
    config.model.workload = "softmax";
    config.model.data = data_;
    config.stop.updates = updates;
    config.stop.evaluate_every = 0.01;
    config.log = (folder_ / "log").string();
    return config;
  }

  /// That the run ends with a whole account and its log gives its bits, or is refused for `reason`.
  void check(RunConfig config, Where where, const std::string& reason) const {
    CAPTURE(config.policy);
    CAPTURE(static_cast<int>(where));
    if (!reason.empty()) {
      CHECK_THROWS_WITH_AS(static_cast<void>(live(config, where)),
                           doctest::Contains(reason.c_str()), ConfigError);
      return;
    }
    const Finished<float> first = live(config, where);
    CHECK(first.result.outcome == Outcome::finished);
    CHECK(first.result.updates == updates);
    const Account& account = first.result.account;
    CHECK(account.started ==
          account.computed + account.cancelled + account.lost + account.in_flight);
    CHECK(account.computed == account.applied + account.dropped + account.held);
    CHECK(account.applied > 0);

    config.replay = config.log;
    config.log = (folder_ / "again").string();
    const auto again = testing::run<float>(config, load_workload<float>(config.model));
    CHECK(same_bits(first.state, again.state));
    CHECK(again.result.account.applied == account.applied);
    CHECK(again.result.account.dropped == account.dropped);
    CHECK(again.result.account.cancelled == account.cancelled);
  }

 private:
  [[nodiscard]] Finished<float> live(RunConfig config, Where where) const {
    const auto workload = load_workload<float>(config.model);
    config.fleet.kind = where == Where::threads ? "threads" : "grpc";
    if (where == Where::threads) return testing::run<float>(config, workload);
    InprocNetwork network;
    std::vector<std::unique_ptr<WorkingThread>> workers;
    for (std::uint32_t i = 0; i < config.fleet.workers; ++i) {
      workers.push_back(std::make_unique<WorkingThread>(
          network, "w", "", [this](const std::string& address) { return shards_.dial(address); }));
    }
    WayToWorkers way{network.server()};
    if (where == Where::shards) way.shards = shards_.ways();
    TrainingRun<float> training(config, workload, testing::timing_of(config), std::move(way));
    RunResult result = training.run({});
    return {std::move(result), training.state()};
  }

  TemporaryFolder folder_;
  std::string data_;
  mutable ShardThreads shards_{2};  ///< serve one run after the other
};

/// One policy for each worker program, so that all programs are among theirs.
std::vector<std::string> policies_of_all_programs() {
  std::vector<std::string> policies;
  for (const auto& program : worker_programs().entries()) {
    const auto& samples = testing::sample_policies();
    const auto found = std::find_if(samples.begin(), samples.end(), [&](const std::string& policy) {
      RunConfig config;
      config.policy = policy;
      config.fleet.workers = 4;
      return parse_spec(requirements_of(config).program).name == program.name;
    });
    REQUIRE_MESSAGE(found != samples.end(), program.name << ": no policy of the samples has it");
    policies.push_back(*found);
  }
  return policies;
}

const std::string needs_whole = "needs whole vectors";

bool in_shards(const RunConfig& config) {
  const auto program = make_program<float>(requirements_of(config).program);
  return program->vectors() == 1 && !program->needs_previous();
}

TEST_CASE("every codec of pushes with every worker program, on every real fleet") {
  const Stage stage;
  for (const std::string& policy : policies_of_all_programs()) {
    for (const std::string& codec : samples_of(codecs())) {
      CAPTURE(codec);
      RunConfig config = stage.config(policy, 4);
      config.worker.codec = codec;
      const auto workload = load_workload<float>(config.model);
      const bool ticket =
          make_codec<float>(codec, codec_context(*workload, 7, Direction::push))->ticket() !=
          nullptr;
      for (const Where where : everywhere) {
        const bool refused = where == Where::shards && (ticket || !in_shards(config));
        stage.check(config, where, refused ? needs_whole : "");
      }
    }
  }
}

TEST_CASE("every codec of pulls, on every real fleet, or refused for the reason that it gives") {
  const Stage stage;
  for (const auto& entry : codecs().entries()) {
    for (const std::string& codec : samples_of(entry)) {
      CAPTURE(codec);
      RunConfig config = stage.config("k-async(k=2)", 4);
      config.worker.pull_codec = codec;
      config.worker.momentum = 0.5;
      const auto workload = load_workload<float>(config.model);
      // The facts are the same both ways, and a codec is not made for a way that it can't go.
      const auto made = make_codec<float>(codec, codec_context(*workload, 7, Direction::push));
      std::string reason = made->facts().not_for_pull;
      // A ticket goes both ways.
      if (made->ticket() != nullptr) config.worker.codec = codec;
      for (const Where where : everywhere) {
        const bool whole = reason.empty() && where == Where::shards && codec != "none";
        stage.check(config, where, whole ? needs_whole : reason);
      }
    }
  }
}

TEST_CASE("every aggregator, on every real fleet") {
  const Stage stage;
  for (const std::string& aggregator : samples_of(aggregators())) {
    CAPTURE(aggregator);
    const AggregatorNeeds needs = aggregator_needs(aggregator);
    const std::uint64_t k = std::max<std::uint64_t>(needs.payloads, 3);
    for (const char* variant : {"k-sync", "k-async"}) {
      RunConfig config = stage.config(variant + ("(k=" + std::to_string(k) + ")"),
                                      static_cast<std::uint32_t>(k + 1));
      config.server.aggregator = aggregator;
      config.worker.codec = "bf16";
      for (const Where where : everywhere) {
        stage.check(config, where,
                    where == Where::shards && needs.whole_vectors ? needs_whole : "");
      }
    }
  }
}

TEST_CASE("every attack, on every real fleet") {
  const Stage stage;
  for (const std::string& attack : samples_of(attacks())) {
    CAPTURE(attack);
    RunConfig config = stage.config("k-sync(k=3)", 4);
    config.server.aggregator = "median";
    config.worker.attack = attack;
    const auto made = make_attack<float>(attack, {1, 1, 1}, 4);
    std::string reason;
    if (made && made->pace() != 1) reason = "which only virtual ones can be";
    for (const Where where : everywhere) {
      stage.check(config, where, made && where == Where::shards ? needs_whole : reason);
    }
  }
}

}  // namespace
}  // namespace syncline
