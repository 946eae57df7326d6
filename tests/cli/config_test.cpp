#include <doctest/doctest.h>

#include "cli/program.hpp"

namespace syncline {
namespace {

/// The value of a key in what --dry-run printed; keys are unique enough for these tests.
std::string value_of(const Ended& ended, const std::string& key) {
  const auto place = ended.out.find("\n" + key + " = ");
  if (place == std::string::npos) return "not there: " + ended.out + ended.err;
  const auto begin = place + key.size() + 4;
  return ended.out.substr(begin, ended.out.find('\n', begin) - begin);
}

TEST_CASE("dry run, fed back with --config, prints the same configuration") {
  const TemporaryFolder folder;
  const std::vector<std::vector<std::string>> calls = {
      {"simulate", "--delay", "4*exponential(rate=1),4*pareto(scale=1, shape=2.5)", "--seed", "7"},
      {"train", "--time", "12.5", "--step-size", "0.0123", "--optimizer", "momentum(0.9)"},
      {"race", "fashion-mnist", "--title", "a \"quoted\" title"},
      {"race", "cifar10"}};
  for (auto call : calls) {
    call.push_back("--dry-run");
    const Ended first = syncline_run(call, folder.path());
    CAPTURE(first.err);
    REQUIRE(first.exit == 0);
    const std::string file = folder.write("resolved.toml", first.out);
    const Ended second = syncline_run({call[0], "--config", file, "--dry-run"}, folder.path());
    CHECK(second.exit == 0);
    CHECK(second.out == first.out);
    // A dry run leaves nothing behind.
    CHECK_FALSE(std::filesystem::exists(folder.path() / "syncline-out"));
  }
}

TEST_CASE("setting given in file, flag and --set: the later place wins") {
  const TemporaryFolder folder;
  const std::string file = folder.write("run.toml", "[fleet]\nworkers = 10\nlatency = 0.5\n");
  const std::vector<std::string> with_file = {"simulate", "--config", file, "--dry-run"};
  CHECK(value_of(syncline_run(with_file), "workers") == "10");
  CHECK(value_of(syncline_run(with_file), "latency") == "0.5");

  auto with_flag = with_file;
  with_flag.insert(with_flag.end(), {"--workers", "20"});
  CHECK(value_of(syncline_run(with_flag), "workers") == "20");
  CHECK(value_of(syncline_run(with_flag), "latency") == "0.5");

  auto with_set = with_flag;
  with_set.insert(with_set.end(), {"--set", "fleet.workers=30", "--set", "run.seed=9"});
  CHECK(value_of(syncline_run(with_set), "workers") == "30");
  CHECK(value_of(syncline_run(with_set), "seed") == "9");
}

TEST_CASE("ready-made race is overridden by file and flags") {
  const TemporaryFolder folder;
  const std::string file = folder.write("race.toml", "[race]\nseeds = 7\n");
  const Ended ended = syncline_run(
      {"race", "fashion-mnist", "--config", file, "--workers", "16", "--dry-run"}, folder.path());
  CHECK(value_of(ended, "seeds") == "7");
  CHECK(value_of(ended, "workers") == "16");
  CHECK(value_of(ended, "report") == "\"syncline-out/fashion-mnist.html\"");
}

TEST_CASE("model that ends in .pt is taken for a TorchScript file") {
  const Ended ended = syncline_run({"train", "--model", "m.pt", "--time", "1", "--dry-run"});
  // Without libtorch there is no such model, and the message says so.
  if (ended.exit == 0) {
    CHECK(value_of(ended, "workload") == "\"torchscript(file=m.pt)\"");
  } else {
    CHECK(ended.err.find("'torchscript'") != std::string::npos);
  }
}

TEST_CASE("configuration file with a mistake is refused with file, line and column") {
  const TemporaryFolder folder;
  const auto refused = [&](const std::string& text) {
    const Ended ended = syncline_run({"simulate", "--config", folder.write("run.toml", text)});
    CHECK(ended.exit == 2);
    CHECK(ended.out.empty());
    return ended.err;
  };
  CHECK(refused("[fleet]\nwokers = 4\n").find("run.toml:2:1: unknown key 'fleet.wokers'") !=
        std::string::npos);
  CHECK(refused("[fleet\nworkers = 4\n").find("run.toml:1:") != std::string::npos);
  CHECK(refused("[fleet]\nworkers = nine\n").find("run.toml:2:") != std::string::npos);
}

TEST_CASE("configuration file that can't be read is a data error") {
  const TemporaryFolder folder;
  const Ended missing = syncline_run({"simulate", "--config", "/nowhere/run.toml"});
  CHECK(missing.exit == 3);
  CHECK(missing.err.find("/nowhere/run.toml") != std::string::npos);
  CHECK(syncline_run({"simulate", "--config", folder.path().string()}).exit == 3);
}

TEST_CASE("--set with an unknown key, a bad value or no '=' is refused") {
  const auto message = [](const std::string& assignment) {
    const Ended ended = syncline_run({"simulate", "--set", assignment});
    CHECK(ended.exit == 2);
    return ended.err;
  };
  CHECK(message("fleet.wokers=3").find("did you mean 'fleet.workers'?") != std::string::npos);
  CHECK(message("fleet.workers=many").find("--set fleet.workers") != std::string::npos);
  CHECK(message("fleet.workers").find("key=value") != std::string::npos);
}

}  // namespace
}  // namespace syncline
