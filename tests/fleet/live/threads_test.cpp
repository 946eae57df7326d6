// The fleet of threads: the same policies against the wall clock. What a run does depends on the
// machine, so nothing here depends on how long anything takes: runs are held to laws and to the
// replay of their own logs.

#include <condition_variable>
#include <mutex>
#include <sstream>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "fleet/training_support.hpp"
#include "support/policy_samples.hpp"
#include "support/temporary_folder.hpp"
#include "syncline/error.hpp"
#include "trace/log_reader.hpp"

namespace syncline {
namespace {

using testing::Finished;
using testing::run;
using testing::same_bits;
using testing::short_run;
using testing::TemporaryFolder;
using testing::tiny_workload;

RunConfig threads_run(const std::string& policy, const TemporaryFolder& folder) {
  RunConfig config = short_run(policy);
  config.fleet.kind = "threads";
  // Jobs of a millisecond or so: cancels and stops find some at work, some asleep.
  config.fleet.inject_delay = "exponential(rate=2000)";
  config.stop.updates = 25;
  config.stop.evaluate_every = 0.01;
  config.log = (folder / "log").string();
  return config;
}

template <class Real>
Finished<Real> replay(RunConfig config, std::shared_ptr<const Workload<Real>> workload,
                      const TemporaryFolder& folder) {
  config.replay = config.log;
  config.log = (folder / "again").string();
  return run<Real>(config, std::move(workload));
}

void check_account(const Account& account) {
  CHECK(account.started == account.computed + account.cancelled + account.lost + account.in_flight);
  CHECK(account.computed == account.applied + account.dropped + account.held);
}

TEST_CASE("a run on threads, every policy, replayed from its log, gives the same bits") {
  const auto workload = tiny_workload<float>("softmax(lambda=0.01)");
  for (const std::string& policy : testing::sample_policies()) {
    CAPTURE(policy);
    const TemporaryFolder folder;
    const RunConfig config = threads_run(policy, folder);
    const auto live = run<float>(config, workload);
    check_account(live.result.account);
    CHECK(live.result.outcome == Outcome::finished);
    CHECK(live.result.updates == 25);
    for (const std::uint32_t threads : {1U, 3U}) {
      CAPTURE(threads);
      RunConfig again = config;
      again.threads = threads;
      const auto replayed = replay<float>(again, workload, folder);
      CHECK(same_bits(live.state, replayed.state));
      CHECK(replayed.result.updates == live.result.updates);
      CHECK(replayed.result.account.applied == live.result.account.applied);
      CHECK(replayed.result.account.cancelled == live.result.account.cancelled);
      CHECK(replayed.result.contributions == live.result.contributions);
    }
    // The log of a replay replays too.
    RunConfig twice = config;
    twice.log = (folder / "again").string();
    twice.replay = twice.log;
    twice.log.clear();
    CHECK(same_bits(live.state, run<float>(twice, workload).state));
  }
}

TEST_CASE("a run on threads with codecs, attacks, momentum and micro-batches replays as well") {
  const auto workload = tiny_workload<double>("softmax(lambda=0.01)");
  for (const char* policy : {"k-sync(k=4)", "k-async(k=3)", "fedbuff(buffer=3, steps=2)"}) {
    CAPTURE(policy);
    const TemporaryFolder folder;
    RunConfig config = threads_run(policy, folder);
    config.worker.codec = "top-k(share=0.2)";
    config.worker.attack = "sign-flip(workers=1)";
    config.worker.momentum = std::string(policy).starts_with("fedbuff") ? 0 : 0.5;
    config.model.micro_batches = 3;
    const auto live = run<double>(config, workload);
    const auto replayed = replay<double>(config, workload, folder);
    CHECK(same_bits(live.state, replayed.state));
  }
}

TEST_CASE("sync on threads, whatever the order of arrivals, is the virtual run but for rounding") {
  // The same gradients; only the order in which they are summed may differ.
  const auto workload = tiny_workload<double>("softmax(lambda=0.01)");
  const TemporaryFolder folder;
  RunConfig config = threads_run("sync", folder);
  const auto live = run<double>(config, workload);
  config.fleet.kind = "virtual";
  config.fleet.inject_delay = "none";
  config.log.clear();
  const auto simulated = run<double>(config, workload);
  REQUIRE(live.state.size() == simulated.state.size());
  for (std::size_t i = 0; i < live.state.size(); ++i) {
    CHECK(live.state[i] == doctest::Approx(simulated.state[i]).epsilon(1e-12));
  }
}

TEST_CASE("a mini-batch in pieces, in virtual time, has the gradient of the whole") {
  const auto workload = tiny_workload<double>("softmax(lambda=0.01)");
  RunConfig config = short_run("k-async(k=2)");
  const auto whole = run<double>(config, workload);
  config.model.micro_batches = 3;  // of 8 samples: 2, 3 and 3
  const auto pieces = run<double>(config, workload);
  CHECK_FALSE(same_bits(whole.state, pieces.state));
  for (std::size_t i = 0; i < whole.state.size(); ++i) {
    CHECK(pieces.state[i] == doctest::Approx(whole.state[i]).epsilon(1e-9));
  }
}

TEST_CASE("cancelled jobs that sleep or compute are given up, and the log says how far they were") {
  const auto workload = tiny_workload<float>("softmax(lambda=0.01)");
  const TemporaryFolder folder;
  RunConfig config = threads_run("k-sync(k=1)", folder);
  // One worker is quick, the others would sleep for ever.
  config.fleet.inject_delay = "1*constant(value=0.0001),5*constant(value=1e9)";
  std::string log;
  std::size_t line = std::string::npos;
  // On a busy machine a short run may be over before the others have begun anything.
  for (Version updates = 25; line == std::string::npos; updates *= 10) {
    REQUIRE(updates < 1'000'000);
    config.stop.updates = updates;
    const auto live = run<float>(config, workload);
    CHECK(live.result.updates == updates);
    CHECK(live.result.contributions == std::vector<std::uint64_t>{updates, 0, 0, 0, 0, 0});
    CHECK(live.result.account.cancelled >= (updates - 1) * 5);
    log = testing::read_file(folder / "log");
    line = log.find("{\"event\":\"abandoned\"");
  }
  const auto record = nlohmann::json::parse(log.substr(line, log.find('\n', line) - line));
  CHECK(record.at("computed") == 0);
  CHECK(record.at("of") == 1);
}

/// Passes everything on, and has the workers' gradients meet: worker 1 is in the third micro-batch
/// of its first job when worker 0 ends its own, and stays in it until the policy has heard of that;
/// and worker 0 does nothing more until worker 1 has begun its next job.
class MeetingWorkload final : public Workload<float> {
 public:
  explicit MeetingWorkload(std::shared_ptr<const Workload<float>> inner)
      : inner_(std::move(inner)) {}

  [[nodiscard]] std::size_t dimension() const override { return inner_->dimension(); }
  [[nodiscard]] std::size_t buffers() const override { return inner_->buffers(); }
  void initialise(std::uint64_t seed, std::span<float> state) const override {
    inner_->initialise(seed, state);
  }
  [[nodiscard]] std::unique_ptr<Replica<float>> make_replica() const override {
    return std::make_unique<MeetingReplica>(inner_->make_replica(), *this);
  }
  [[nodiscard]] const Dataset* dataset() const override { return inner_->dataset(); }
  [[nodiscard]] std::size_t samples(Split split) const override { return inner_->samples(split); }
  [[nodiscard]] bool classifies() const override { return inner_->classifies(); }
  [[nodiscard]] std::vector<NamedTensor> layout() const override { return inner_->layout(); }

  /// Micro-batches computed of worker 1's first job.
  [[nodiscard]] int pieces() const { return pieces_; }

  /// From any thread, in this order.
  enum Stage { begun, third_piece, stepped, next_job };
  void reach(Stage stage) const {
    {
      const std::lock_guard lock(mutex_);
      stage_ = std::max(stage_, stage);
    }
    changed_.notify_all();
  }
  void wait_for(Stage stage) const {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return stage_ >= stage; });
  }

 private:
  class MeetingReplica final : public Replica<float> {
   public:
    MeetingReplica(std::unique_ptr<Replica<float>> inner, const MeetingWorkload& meeting)
        : inner_(std::move(inner)), meeting_(meeting) {}
    double gradient(std::span<const float> state, std::span<const std::uint32_t> batch,
                    const DrawKey& key, std::span<float> payload) override {
      // The number of the micro-batch lies above that of the job.
      if (key.job % (std::uint64_t{1} << 40) > 0) {
        key.worker == 0 ? meeting_.wait_for(next_job) : meeting_.reach(next_job);
      } else if (key.worker == 0) {
        meeting_.wait_for(third_piece);
      } else if (++meeting_.pieces_ == 3) {
        meeting_.reach(third_piece);
        meeting_.wait_for(stepped);
      }
      return inner_->gradient(state, batch, key, payload);
    }
    EvaluationSums evaluate(std::span<const float> state, Split split, std::size_t first,
                            std::size_t last) override {
      return inner_->evaluate(state, split, first, last);
    }

   private:
    std::unique_ptr<Replica<float>> inner_;
    const MeetingWorkload& meeting_;
  };

  std::shared_ptr<const Workload<float>> inner_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  mutable Stage stage_ = begun;
  mutable std::atomic<int> pieces_{0};
};

TEST_CASE("a job cancelled amid its micro-batches is given up before the next, as the log says") {
  const auto workload =
      std::make_shared<const MeetingWorkload>(tiny_workload<float>("softmax(lambda=0.01)"));
  const TemporaryFolder folder;
  RunConfig config = threads_run("k-sync(k=1)", folder);
  config.fleet.workers = 2;
  config.fleet.inject_delay = "none";
  config.model.micro_batches = 8;
  config.stop.updates = 2;
  config.stop.evaluate_every = 1e6;
  Progress progress;
  progress.report = [&](const std::string&, double) { workload->reach(MeetingWorkload::stepped); };
  run<float>(config, workload, progress);
  std::istringstream log(testing::read_file(config.log));
  std::vector<nlohmann::json> abandoned;
  for (std::string line; std::getline(log, line);) {
    auto record = nlohmann::json::parse(line);
    if (record.at("event") == "abandoned") abandoned.push_back(std::move(record));
  }
  REQUIRE(!abandoned.empty());
  CHECK(abandoned[0].at("worker") == 1);
  CHECK(abandoned[0].at("job") == 0);
  CHECK(abandoned[0].at("computed") == 3);
  CHECK(abandoned[0].at("of") == 8);
  // It had ended no job before: the rest of its micro-batches, at the pace of the first ones.
  CHECK(abandoned[0].at("saved") > 0);
  CHECK(workload->pieces() == 3);
}

TEST_CASE("a run on threads that is interrupted and resumed goes on, and its whole log replays") {
  const auto workload = tiny_workload<double>("softmax(lambda=0.01)");
  for (const char* policy : {"k-async(k=3)", "k-sync(k=4)", "stsyn(k=3, steps=2, cap=4)"}) {
    CAPTURE(policy);
    const TemporaryFolder folder;
    RunConfig config = threads_run(policy, folder);
    config.checkpoint = (folder / "checkpoint").string();
    config.stop.updates = 12;
    run<double>(config, workload);
    config.resume = config.checkpoint;
    config.stop.updates = 25;
    const auto rest = run<double>(config, workload);
    CHECK(rest.result.updates == 25);
    check_account(rest.result.account);
    config.resume.clear();
    config.checkpoint.clear();
    const auto replayed = replay<double>(config, workload, folder);
    CHECK(same_bits(rest.state, replayed.state));
  }
}

TEST_CASE("an interrupt ends a run whose workers all sleep") {
  const auto workload = tiny_workload<float>("softmax(lambda=0.01)");
  const TemporaryFolder folder;
  RunConfig config = threads_run("async", folder);
  config.fleet.inject_delay = "constant(value=1e9)";
  const std::atomic<bool> interrupted{true};
  Progress progress;
  progress.interrupted = &interrupted;
  const auto result = run<float>(config, workload, progress);
  CHECK(result.result.outcome == Outcome::interrupted);
  CHECK(result.result.updates == 0);
}

TEST_CASE("a limit of time ends a run whose workers all sleep, evaluated on the grid") {
  const auto workload = tiny_workload<float>("softmax(lambda=0.01)");
  const TemporaryFolder folder;
  RunConfig config = threads_run("async", folder);
  config.fleet.inject_delay = "constant(value=1e9)";
  config.stop.time = 0.05;
  config.stop.evaluate_every = 0.01;
  const auto result = run<float>(config, workload);
  CHECK(result.result.outcome == Outcome::finished);
  CHECK(result.result.points.size() == 6);
}

/// A workload whose gradients fail.
class Broken final : public Replica<float> {
 public:
  double gradient(std::span<const float>, std::span<const std::uint32_t>, const DrawKey&,
                  std::span<float>) override {
    throw DataError("the disk with the images is gone");
  }
  EvaluationSums evaluate(std::span<const float>, Split, std::size_t, std::size_t) override {
    return {};
  }
};

TEST_CASE("what a worker throws ends the run with its message") {
  class Workload final : public syncline::Workload<float> {
   public:
    [[nodiscard]] std::size_t dimension() const override { return 3; }
    void initialise(std::uint64_t, std::span<float> state) const override {
      std::fill(state.begin(), state.end(), 0.0F);
    }
    [[nodiscard]] std::unique_ptr<Replica<float>> make_replica() const override {
      return std::make_unique<Broken>();
    }
    [[nodiscard]] std::size_t samples(Split) const override { return 1; }
    [[nodiscard]] bool classifies() const override { return false; }
    [[nodiscard]] std::vector<NamedTensor> layout() const override { return {}; }
  };
  const TemporaryFolder folder;
  RunConfig config = threads_run("async", folder);
  CHECK_THROWS_WITH_AS(run<float>(config, std::make_shared<const Workload>()),
                       "the disk with the images is gone", DataError);
}

TEST_CASE("what makes no sense on a real fleet, or in a replay, is refused with the reason") {
  const auto workload = tiny_workload<float>("softmax(lambda=0.01)");
  const TemporaryFolder folder;
  RunConfig config = threads_run("async", folder);
  config.fleet.lifetime = "exponential(rate=1)";
  CHECK_THROWS_WITH_AS(run<float>(config, workload), doctest::Contains("of virtual workers"),
                       ConfigError);
  config = threads_run("async", folder);
  config.fleet.kind = "strings";
  CHECK_THROWS_WITH_AS(run<float>(config, workload), doctest::Contains("must be virtual, threads"),
                       ConfigError);
  config = threads_run("async", folder);
  config.fleet.kind = "virtual";
  config.fleet.inject_delay = "none";
  run<float>(config, workload);
  CHECK_THROWS_WITH_AS(replay<float>(config, workload, folder),
                       doctest::Contains("holds no events"), DataError);
  // The log of another run: two arrivals of a worker without a job between them.
  folder.write("log", std::string("{\"event\":\"arrive\",\"time\":1,\"worker\":0}\n"
                                  "{\"event\":\"down\",\"time\":2,\"worker\":0}\n"
                                  "{\"event\":\"arrive\",\"time\":3,\"worker\":0}\n"));
  CHECK_THROWS_WITH_AS(replay<float>(config, workload, folder),
                       doctest::Contains("does not belong to"), DataError);
  folder.write("log", std::string("{\"event\":\"arrive\",\"time\":1,\"worker\":6}\n"));
  CHECK_THROWS_WITH_AS(replay<float>(config, workload, folder), doctest::Contains("worker 6"),
                       DataError);
  folder.write("log", std::string("{\"event\":\"arrive\",\"time\":1}\n"));
  CHECK_THROWS_WITH_AS(replay<float>(config, workload, folder), doctest::Contains("line 1"),
                       DataError);
}

}  // namespace
}  // namespace syncline
