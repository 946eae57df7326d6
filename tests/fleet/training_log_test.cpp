// The event log of a training run whose disk is full: for a while, to the end, and at a kill.

#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "base/checksum.hpp"
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

/// The log without its notes.
std::string events_of(const std::string& log) {
  std::istringstream lines(testing::read_file(log));
  std::string events, line;
  while (std::getline(lines, line)) {
    if (!line.starts_with("{\"event\":\"note\"")) events += line + "\n";
  }
  return events;
}

/// A run whose checkpoints, at every update, find out at once that the disk is full.
RunConfig logged_run(const TemporaryFolder& folder) {
  RunConfig config = short_run("async");
  config.log = (folder / "log").string();
  config.checkpoint = (folder / "checkpoint").string();
  config.checkpoint_every = 1e-9;
  return config;
}

TEST_CASE("a log on a full disk costs neither the run nor the checkpoint before, and is reported") {
  const auto workload = tiny_workload<float>("softmax(lambda=0.01)");
  const TemporaryFolder folder;
  RunConfig config = logged_run(folder);
  const auto whole = run<float>(config, workload);
  CHECK(whole.result.log_error.empty());
  const std::string log = testing::read_file(config.log);
  std::filesystem::remove_all(config.checkpoint);
  std::optional<testing::SmallDisk> disk;
  std::string notes;
  Progress progress;
  progress.report = [&](const std::string&, double fraction) {
    if (fraction > 0.5 && !disk) disk.emplace(1000);
  };
  progress.noted = [&](double, const std::string& text) { notes += text + "\n"; };
  const auto full = run<float>(config, workload, progress);
  disk.reset();
  CHECK(full.result.outcome == Outcome::finished);
  CHECK(same_bits(whole.state, full.state));
  CHECK(full.result.log_error.find(config.log) != std::string::npos);
  const auto told = notes.find("can't write the event log '" + config.log);
  REQUIRE(told != std::string::npos);
  CHECK(notes.find("can't write the event log", told + 1) == std::string::npos);
  // What there is of the log is the beginning of the whole one.
  const std::string beginning = testing::read_file(config.log);
  CHECK(!beginning.empty());
  CHECK(beginning.size() < log.size());
  CHECK(log.starts_with(beginning));
  CHECK(beginning.ends_with("}\n"));
  config.resume = config.checkpoint;
  const auto rest = run<float>(config, workload);
  CHECK(same_bits(whole.state, rest.state));
  CHECK(rest.result.log_error.empty());
  CHECK((testing::read_file(config.log) == log));
}

TEST_CASE("a log on a disk that gets room again is complete") {
  const auto workload = tiny_workload<float>("softmax(lambda=0.01)");
  const TemporaryFolder folder;
  const RunConfig config = logged_run(folder);
  const auto whole = run<float>(config, workload);
  const std::string log = testing::read_file(config.log);
  std::filesystem::remove_all(config.checkpoint);
  std::optional<testing::SmallDisk> disk;
  Progress progress;
  progress.report = [&](const std::string&, double fraction) {
    if (fraction > 0.8) {
      disk.reset();
    } else if (fraction > 0.5 && !disk) {
      disk.emplace(1000);
    }
  };
  const auto again = run<float>(config, workload, progress);
  CHECK(again.result.log_error.empty());
  CHECK(same_bits(whole.state, again.state));
  CHECK((events_of(config.log) == log));
  CHECK(testing::read_file(config.log).find("nothing is missing") != std::string::npos);
}

TEST_CASE("a checkpoint keeps what its log could not, and the resumed run writes it") {
  const auto workload = tiny_workload<float>("quadratic(dimension=3)");
  const TemporaryFolder folder;
  RunConfig config = logged_run(folder);
  config.stop.updates = 200;
  config.stop.evaluate_every = 1e6;
  const auto whole = run<float>(config, workload);
  const std::string log = testing::read_file(config.log);
  std::filesystem::remove_all(config.checkpoint);
  struct Killed {};
  std::optional<testing::SmallDisk> disk;
  Progress progress;
  progress.report = [&](const std::string&, double fraction) {
    // No room for a longer log, but for a checkpoint, which is shorter.
    if (fraction > 0.5 && !disk) disk.emplace(std::filesystem::file_size(config.log));
    if (fraction > 0.6) throw Killed();
  };
  CHECK_THROWS_AS(run<float>(config, workload, progress), Killed);
  disk.reset();
  const auto newest = checkpoints_in(config.checkpoint).front();
  CHECK(testing::read_file(newest / "state.json").find("\"log_unwritten\"") != std::string::npos);
  config.resume = config.checkpoint;
  const auto rest = run<float>(config, workload);
  CHECK(same_bits(whole.state, rest.state));
  CHECK((events_of(config.log) == log));
}

TEST_CASE("a run whose log had to end goes on without it, and says so if it is asked for one") {
  const auto workload = tiny_workload<float>("quadratic(dimension=3)");
  const TemporaryFolder folder;
  RunConfig config = logged_run(folder);
  const auto whole = run<float>(config, workload);
  config.stop.updates = 30;
  std::filesystem::remove_all(config.checkpoint);
  run<float>(config, workload);
  const auto newest = checkpoints_in(config.checkpoint).front();
  auto state = nlohmann::json::parse(testing::read_file(newest / "state.json"));
  state["log_cut"] = "no room";
  std::ofstream(newest / "state.json") << state;
  std::ofstream sums(newest / "SHA256SUMS");
  for (const char* name : {"state.json", "tensors.safetensors"}) {
    sums << file_digest(newest / name, "SHA256") << "  " << name << "\n";
  }
  sums.close();
  config.resume = config.checkpoint;
  config.stop.updates = 60;
  CHECK_THROWS_WITH_AS(run<float>(config, workload), doctest::Contains("no room"), ConfigError);
  config.log.clear();
  CHECK(same_bits(whole.state, run<float>(config, workload).state));
}

}  // namespace
}  // namespace syncline
