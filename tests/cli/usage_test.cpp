#include <doctest/doctest.h>

#include "cli/program.hpp"

namespace syncline {
namespace {

/// One line "syncline: error: ..." on stderr and nothing on stdout.
void check_refused(const std::vector<std::string>& arguments, int exit,
                   const std::vector<std::string>& parts) {
  const Ended ended = syncline_run(arguments);
  CAPTURE(ended.err);
  CHECK(ended.exit == exit);
  CHECK(ended.out.empty());
  CHECK(ended.err.rfind("syncline: error: ", 0) == 0);
  CHECK(ended.err.find('\n') == ended.err.size() - 1);
  for (const auto& part : parts) {
    CAPTURE(part);
    CHECK(ended.err.find(part) != std::string::npos);
  }
}

TEST_CASE("help, of the program and of each sub-command, begins with an example") {
  for (const std::string command :
       {"", "race", "train", "simulate", "measure", "data", "report", "list"}) {
    CAPTURE(command);
    std::vector<std::string> arguments = {"--help"};
    if (!command.empty()) arguments.insert(arguments.begin(), command);
    const Ended ended = syncline_run(arguments);
    CHECK(ended.exit == 0);
    CHECK(ended.err.empty());
    CHECK(ended.out.rfind("Example:\n  syncline " + command, 0) == 0);
  }
}

TEST_CASE("version, asked for, comes with the facts of the build") {
  const Ended ended = syncline_run({"--version"});
  CHECK(ended.exit == 0);
  for (const char* part : {"syncline 0.", "compiler: ", "libtorch: ", "BLAS: OpenBLAS"}) {
    CHECK(ended.out.find(part) != std::string::npos);
  }
}

TEST_CASE("command line without a sub-command, or with a wrong one, is refused") {
  check_refused({}, 2, {"sub-command is missing"});
  check_refused({"trian"}, 2, {"unknown sub-command 'trian'", "did you mean 'train'?"});
}

TEST_CASE("option that does not exist is refused with the nearest one") {
  check_refused({"simulate", "--wokers", "8"}, 2, {"'--wokers'", "did you mean '--workers'?"});
  check_refused({"simulate", "--polcy=async"}, 2, {"'--polcy'", "did you mean '--policy'?"});
  check_refused({"train", "--momentum", "3"}, 2, {"unknown option '--momentum'"});
  check_refused({"simulate", "stray"}, 2, {"unexpected argument 'stray'"});
  check_refused({"simulate", "--workers"}, 2, {"--workers"});
}

TEST_CASE("policy that does not exist is refused with the nearest one") {
  check_refused({"simulate", "--policy", "k-asinc(k=4)"}, 2,
                {"unknown policy 'k-asinc'", "did you mean 'k-async'?", "(valid: sync, "});
  check_refused({"train", "--policy", "k-async(kk=4)", "--time", "1"}, 2,
                {"no parameter 'kk'", "did you mean 'k'?"});
  check_refused({"race", "--policies", "sync,asink", "--time", "1"}, 2,
                {"unknown policy 'asink'", "did you mean 'async'?"});
}

TEST_CASE("K of 0, or above P where workers are counted, is refused") {
  for (const std::string variant : {"k-sync", "k-batch-sync", "k-async", "k-batch-async"}) {
    check_refused({"simulate", "--policy", variant + "(k=0)"}, 2, {"k", "at least 1"});
  }
  for (const std::string variant : {"k-sync", "k-async"}) {
    check_refused({"simulate", "--workers", "8", "--policy", variant + "(k=9)"}, 2,
                  {"k", "number of workers, 8", "9"});
  }
  for (const std::string variant : {"k-batch-sync", "k-batch-async"}) {
    CHECK(syncline_run({"simulate", "--updates", "10", "--policy", variant + "(k=9)"}).exit == 0);
  }
  check_refused({"simulate", "--policy", "k-async(k=-1)"}, 2, {"k"});
  check_refused({"simulate", "--policy", "k-async(k=1.5)"}, 2, {"k"});
}

TEST_CASE("delay law with a parameter out of its range is refused and named") {
  check_refused({"simulate", "--delay", "exponential(rate=nan)"}, 2, {"exponential", "rate"});
  check_refused({"simulate", "--delay", "exponential(rate=-1)"}, 2, {"exponential", "rate", "-1"});
  check_refused({"simulate", "--delay", "exponential(rate=0)"}, 2, {"exponential", "rate"});
  check_refused({"simulate", "--delay", "pareto(scale=1, shape=-2)"}, 2, {"pareto", "shape"});
  check_refused({"simulate", "--delay", "uniform(low=2, high=1)"}, 2, {"uniform"});
  check_refused({"simulate", "--delay", "exponental(rate=1)"}, 2, {"did you mean 'exponential'?"});
  check_refused({"simulate", "--delay", "exponential(rate=1"}, 2, {"bracket"});
}

TEST_CASE("fleet whose counts do not sum to the number of workers is refused") {
  check_refused(
      {"simulate", "--workers", "8", "--delay", "4*exponential(rate=1),3*exponential(rate=0.2)"}, 2,
      {"7", "8"});
}

TEST_CASE("file of delays that can't be read is a data error") {
  check_refused({"simulate", "--delay", "empirical(file=/nowhere/delays.txt)"}, 3,
                {"/nowhere/delays.txt"});
}

TEST_CASE("names of model, data, optimizer, schedule, rule and partition are checked first") {
  check_refused({"train", "--time", "1", "--model", "sofmax"}, 2, {"did you mean 'softmax'?"});
  check_refused({"train", "--time", "1", "--data", "fashion-mist"}, 2, {"'fashion-mnist'"});
  check_refused({"train", "--time", "1", "--optimizer", "adma"}, 2, {"did you mean 'adam'?"});
  check_refused({"train", "--time", "1", "--schedule", "cosin"}, 2, {"did you mean 'cosine'?"});
  check_refused({"train", "--time", "1", "--rule", "stalenes(c=1)"}, 2, {"'staleness'"});
  check_refused({"train", "--time", "1", "--partition", "shard"}, 2, {"did you mean 'shards'?"});
  check_refused({"train", "--time", "1", "--metric", "test_eror"}, 2, {"'test_error'"});
}

TEST_CASE("partition with a bad value is refused first, even where the model has no data") {
  for (const char* model : {"softmax", "quadratic(dimension=10)"}) {
    check_refused({"train", "--time", "1", "--model", model, "--partition", "dirichlet(alpha=-1)",
                   "--dry-run"},
                  2, {"dirichlet", "alpha", "above 0", "-1"});
  }
}

TEST_CASE("model that does not fit into memory is refused with advice") {
  Start start;
  // 80 GB of weights against a limit of 8 GiB, whatever the machine has.
  start.words = {"/bin/sh", "-c",
                 "ulimit -v 8388608; "
                 "exec \"$0\" train --model 'quadratic(dimension=10000000000)' --updates 2",
                 SYNCLINE_PROGRAM};
  const Ended ended = run(start);
  CAPTURE(ended.err);
  CHECK(ended.exit == 2);
  CHECK(ended.err.find("not enough memory") != std::string::npos);
}

TEST_CASE("run or race that nothing would end, or that nobody is in, is refused") {
  check_refused({"train"}, 2, {"--updates", "--time"});
  check_refused({"race", "--time", "10"}, 2, {"no policy", "--policies"});
  check_refused({"race", "fashion-mist"}, 2, {"did you mean 'fashion-mnist'?"});
  check_refused({"simulate", "--updates", "0"}, 2, {"stop.updates"});
}

TEST_CASE("output into a folder that does not exist is refused before any work") {
  check_refused({"simulate", "--log", "/nowhere/run.jsonl"}, 3, {"--log", "/nowhere"});
  check_refused({"train", "--time", "1", "--checkpoint", "/nowhere/c"}, 3, {"--checkpoint"});
  check_refused({"race", "fashion-mnist", "--report", "/nowhere/p.html"}, 3, {"--report"});
}

TEST_CASE("word that is also the name of a sub-command is an argument after the first") {
  const Ended data = syncline_run({"data", "list"});
  CHECK(data.exit == 0);
  CHECK(data.out.rfind("mnist: 60,000", 0) == 0);
  CHECK(data.out.find("policies") == std::string::npos);
  check_refused({"list", "data"}, 2, {"can't list 'data'"});
  check_refused({"list", "race"}, 2, {"did you mean 'races'?"});
  check_refused({"race", "list"}, 2, {"unknown ready-made race 'list'"});
  const TemporaryFolder folder;
  for (const std::string name : {"list", "data", "top"}) {
    const Ended ended = syncline_run({"report", name}, folder.path());
    CAPTURE(ended.err);
    CHECK(ended.exit == 3);
    CHECK(ended.err.find("'" + name + "': no such file") != std::string::npos);
  }
}

TEST_CASE("folder given as a file to read is called one") {
  const TemporaryFolder folder;
  const std::string path = folder.path().string();
  check_refused({"top", path, "--once"}, 3, {"event log", path, "it is a folder"});
  check_refused({"report", path}, 3, {path, "it is a folder"});
  check_refused({"replay", path}, 3, {path, "it is a folder"});
  check_refused({"race", "--config", path}, 3, {"configuration", path, "it is a folder"});
}

TEST_CASE("limit of no updates is said to be none") {
  check_refused({"train", "--updates", "0"}, 2, {"both 0, which is no limit"});
}

TEST_CASE("overview of what can be listed keeps names and contents apart") {
  CHECK(syncline_run({"list"}).out.find("node-methods  dgd") != std::string::npos);
}

TEST_CASE("data and report with wrong arguments are refused") {
  check_refused({"data"}, 2, {"get NAME"});
  check_refused({"data", "fetch"}, 2, {"'fetch'"});
  check_refused({"data", "get"}, 2, {"needs the name"});
  check_refused({"data", "get", "cifar11"}, 2, {"cifar10"});
  check_refused({"report"}, 2, {"needs a file"});
  check_refused({"report", "/nowhere/race.json"}, 3, {"/nowhere/race.json"});
  check_refused({"list", "polices"}, 2, {"did you mean 'policies'?"});
}

}  // namespace
}  // namespace syncline
