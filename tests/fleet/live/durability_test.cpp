// Servers of real fleets that are killed and started again. The kill is an exception out of the
// run's loop, and what is on the disk at that moment is copied away before anybody tidies up.

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck.h>

#include "fleet/live/working_thread.hpp"
#include "fleet/training/load_workload.hpp"
#include "fleet/training_support.hpp"
#include "support/small_disk.hpp"
#include "support/temporary_folder.hpp"
#include "syncline/error.hpp"
#include "transport/inproc.hpp"

namespace syncline {
namespace {

namespace fs = std::filesystem;
using testing::Finished;
using testing::same_bits;
using testing::short_run;
using testing::TemporaryFolder;
using testing::WorkingThread;

constexpr std::uint32_t workers = 3;

RunConfig durable_run(const std::string& policy, const std::string& fleet,
                      const TemporaryFolder& folder) {
  RunConfig config = short_run(policy);
  config.fleet.kind = fleet;
  config.fleet.workers = workers;
  config.fleet.inject_delay = "exponential(rate=5000)";
  config.model.workload = "quadratic(dimension=20, noise=0.1)";
  config.model.precision = "float64";
  config.worker.codec = "top-k(share=0.3)";
  config.worker.momentum = 0.5;
  config.optimizer.step_size = 0.01;
  config.stop.updates = 40;
  config.stop.evaluate_every = 0.01;
  config.log = (folder / "log").string();
  config.checkpoint = (folder / "checkpoints").string();
  config.checkpoint_every = 1e9;
  config.durability = "every-update";
  return config;
}

struct Killed {};

/// What a killed server leaves: its state when it died, which nobody else can know, and its files.
struct Remains {
  Version version = 0;
  std::vector<double> state;
};

class Cluster {
 public:
  Cluster() {
    for (std::uint32_t i = 0; i < workers; ++i) {
      threads_.push_back(std::make_unique<WorkingThread>(network_, "w" + std::to_string(i)));
    }
  }
  std::unique_ptr<ServerTransport> server() { return network_.server(); }

 private:
  InprocNetwork network_;
  std::vector<std::unique_ptr<WorkingThread>> threads_;
};

std::optional<WayToWorkers> way(const RunConfig& config, std::unique_ptr<Cluster>& cluster) {
  if (config.fleet.kind == "threads") return std::nullopt;
  cluster = std::make_unique<Cluster>();
  return WayToWorkers{cluster->server()};
}

std::unique_ptr<TrainingRun<double>> make_run(const RunConfig& config,
                                              std::optional<WayToWorkers> to_workers) {
  return std::make_unique<TrainingRun<double>>(config, load_workload<double>(config.model),
                                               testing::timing_of(config), std::move(to_workers));
}

/// Runs until the first update from `last` on, and leaves the files of that moment in `folder`.
/// `meanwhile`: called at each update.
Remains killed_at(
    Version last, const RunConfig& config, const TemporaryFolder& folder,
    const std::function<void(Version)>& meanwhile = [](Version) {}) {
  std::unique_ptr<Cluster> cluster;
  const auto training = make_run(config, way(config, cluster));
  Remains remains;
  Progress progress;
  progress.report = [&](const std::string&, double fraction) {
    remains.version =
        static_cast<Version>(fraction * static_cast<double>(config.stop.updates) + 0.5);
    meanwhile(remains.version);
    if (remains.version < last) return;
    for (const char* name : {"checkpoints", "log"}) {
      fs::remove_all(folder / (std::string(name) + "-left"));
      fs::copy(folder / name, folder / (std::string(name) + "-left"), fs::copy_options::recursive);
    }
    throw Killed();
  };
  CHECK_THROWS_AS(training->run(progress), Killed);
  remains.state = training->state();
  return remains;
}

/// The same run, from what was left.
RunConfig resumed(RunConfig config, const TemporaryFolder& folder) {
  for (const char* name : {"checkpoints", "log"}) {
    fs::remove_all(folder / name);
    fs::rename(folder / (std::string(name) + "-left"), folder / name);
  }
  config.resume = config.checkpoint;
  return config;
}

Finished<double> finish(const RunConfig& config) {
  std::unique_ptr<Cluster> cluster;
  const auto training = make_run(config, way(config, cluster));
  RunResult result = training->run({});
  return {std::move(result), training->state()};
}

/// How far a server gets by itself: nobody computes, and it is stopped when it has to wait.
Finished<double> alone(RunConfig config) {
  config.checkpoint.clear();
  config.durability = "checkpoint";
  config.log = config.log + "-alone";
  fs::copy(config.log.substr(0, config.log.size() - 6), config.log);
  config.fleet.kind = "grpc";
  InprocNetwork nobody;
  const auto training = make_run(config, WayToWorkers{nobody.server()});
  std::atomic<bool> interrupted{false};
  Progress progress;
  progress.interrupted = &interrupted;
  progress.noted = [&](double, const std::string& text) {
    if (text.starts_with("resumed at update")) interrupted = true;
  };
  RunResult result = training->run(progress);
  return {std::move(result), training->state()};
}

Finished<double> replay(RunConfig config, const TemporaryFolder& folder) {
  config.checkpoint.clear();
  config.resume.clear();
  config.durability = "checkpoint";
  config.replay = config.log;
  config.log = (folder / "again").string();
  return testing::run<double>(config, load_workload<double>(config.model));
}

TEST_CASE("a server that is killed at any update goes on from it, and the whole log replays") {
  for (const char* policy : {"k-async(k=2)", "k-batch-sync(k=2)", "fedavg(steps=2, clients=2)"}) {
    for (const char* fleet : {"grpc", "threads"}) {
      for (const Version last : {Version{1}, Version{7}, Version{26}}) {
        CAPTURE(policy);
        CAPTURE(fleet);
        CAPTURE(last);
        const TemporaryFolder folder;
        RunConfig config = durable_run(policy, fleet, folder);
        if (std::string(policy).starts_with("fedavg")) config.worker.momentum = 0;
        const Remains remains = killed_at(last, config, folder);
        config = resumed(config, folder);
        {
          RunConfig there = config;
          there.stop.updates = remains.version;
          const auto recovered = finish(there);
          CHECK(recovered.result.updates == remains.version);
          CHECK(same_bits(recovered.state, remains.state));
        }
        const auto rest = finish(config);
        CHECK(rest.result.updates == 40);
        CHECK(same_bits(rest.state, replay(config, folder).state));
      }
    }
  }
}

TEST_CASE("a server loses no more updates than it may, whenever it is killed") {
  rc::check([] {
    const TemporaryFolder folder;
    RunConfig config = durable_run("k-async(k=2)", "grpc", folder);
    const auto lost = *rc::gen::inRange<Version>(0, 8);
    config.durability = lost == 0 ? "every-update" : std::to_string(lost);
    const Remains remains = killed_at(*rc::gen::inRange<Version>(1, 40), config, folder);
    config = resumed(config, folder);
    const auto recovered = alone(config);
    RC_ASSERT(recovered.result.updates + lost >= remains.version);
    RC_ASSERT(recovered.result.updates <= remains.version);
  });
}

TEST_CASE("a disk that is full for a while costs a run neither its way nor its log") {
  for (const char* fleet : {"grpc", "threads"}) {
    CAPTURE(fleet);
    const TemporaryFolder folder;
    const RunConfig config = durable_run("k-async(k=2)", fleet, folder);
    std::unique_ptr<Cluster> cluster;
    const auto training = make_run(config, way(config, cluster));
    std::optional<testing::SmallDisk> disk;
    std::string notes;
    Progress progress;
    progress.noted = [&](double, const std::string& text) { notes += text + "\n"; };
    progress.report = [&](const std::string&, double fraction) {
      if (fraction > 0.6) {
        disk.reset();
      } else if (fraction > 0.3 && !disk) {
        disk.emplace(1000);
      }
    };
    const RunResult result = training->run(progress);
    CHECK(result.outcome == Outcome::finished);
    CHECK(result.updates == 40);
    CHECK(result.log_error.empty());
    CHECK(notes.find("updates are not kept any more until the next checkpoint: can't write '" +
                     config.checkpoint) != std::string::npos);
    CHECK(same_bits(training->state(), replay(config, folder).state));
  }
}

TEST_CASE("a server killed while its disk is full goes on from what it kept until then") {
  const TemporaryFolder folder;
  RunConfig config = durable_run("k-async(k=2)", "grpc", folder);
  Version full = 0;
  std::optional<testing::SmallDisk> disk;
  killed_at(26, config, folder, [&](Version version) {
    if (version >= 26) {
      disk.reset();  // for the copy
    } else if (version >= 13 && !disk) {
      full = version;
      disk.emplace(1000);
    }
  });
  config = resumed(config, folder);
  CHECK(alone(config).result.updates == full);
  const auto rest = finish(config);
  CHECK(rest.result.updates == 40);
  CHECK(same_bits(rest.state, replay(config, folder).state));
}

}  // namespace
}  // namespace syncline
