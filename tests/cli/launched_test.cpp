// Processes that a launcher has started, as far as they can tell: server and workers by variables.

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <unistd.h>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "cli/process.hpp"
#include "support/free_port.hpp"

namespace syncline {
namespace {

using testing::free_port;
using Variables = std::vector<std::pair<std::string, std::string>>;

/// Variables of this process, and so of those that it starts, for a while.
class Surroundings {
 public:
  explicit Surroundings(Variables variables) : variables_(std::move(variables)) {
    for (const auto& [name, value] : variables_) setenv(name.c_str(), value.c_str(), 1);
  }
  ~Surroundings() {
    for (const auto& [name, value] : variables_) unsetenv(name.c_str());
  }
  Surroundings(const Surroundings&) = delete;
  Surroundings& operator=(const Surroundings&) = delete;

 private:
  Variables variables_;
};

Words training(const Words& more) {
  return joined({"train", "--fleet", "grpc", "--json", "--model", "quadratic(dimension=50)",
                 "--policy", "sync", "--step-size", "0.01", "--evaluate-every", "1"},
                more);
}

/// Starts one process for each rank, all with the same words, the server last, and waits for all.
std::vector<Ended> launch(std::uint32_t size, const Words& words,
                          const std::function<Variables(std::uint32_t rank)>& variables) {
  std::vector<std::unique_ptr<Process>> processes(size);
  for (std::uint32_t i = 1; i <= size; ++i) {
    const std::uint32_t rank = i % size;
    const Surroundings around(variables(rank));
    processes[rank] = std::make_unique<Process>(words);
  }
  std::vector<Ended> ends;
  for (auto& process : processes) ends.push_back(process->ended());
  return ends;
}

void check_run(const std::vector<Ended>& ends, const std::string& launcher) {
  CAPTURE(ends[0].err);
  REQUIRE(ends[0].exit == 0);
  CHECK(ends[0].err.find(launcher + " has started " + std::to_string(ends.size())) !=
        std::string::npos);
  const auto document = nlohmann::json::parse(ends[0].out);
  CHECK(document["outcome"] == "finished");
  CHECK(document["workers"] == ends.size() - 1);
  for (std::size_t rank = 1; rank < ends.size(); ++rank) {
    CAPTURE(ends[rank].err);
    CHECK(ends[rank].exit == 0);
    CHECK(ends[rank].out == "");
    CHECK(ends[rank].err == "");
  }
}

TEST_CASE(
    "as torchrun starts them: rank 0 serves at MASTER_ADDR and MASTER_PORT, the others work") {
  const std::string port = free_port();
  check_run(launch(4, training({"--updates", "30"}),
                   [&](std::uint32_t rank) -> Variables {
                     return {{"RANK", std::to_string(rank)},       {"WORLD_SIZE", "4"},
                             {"LOCAL_RANK", std::to_string(rank)}, {"LOCAL_WORLD_SIZE", "4"},
                             {"MASTER_ADDR", "127.0.0.1"},         {"MASTER_PORT", port}};
                   }),
            "torchrun");
}

TEST_CASE("as mpirun starts them, and as Hydra does: the address by --listen or MASTER_PORT") {
  const std::string port = free_port();
  check_run(launch(3, training({"--updates", "30", "--listen", "127.0.0.1:" + port}),
                   [&](std::uint32_t rank) -> Variables {
                     return {{"OMPI_COMM_WORLD_RANK", std::to_string(rank)},
                             {"OMPI_COMM_WORLD_SIZE", "3"},
                             {"OMPI_COMM_WORLD_LOCAL_RANK", std::to_string(rank)},
                             {"OMPI_COMM_WORLD_LOCAL_SIZE", "3"}};
                   }),
            "Open MPI");
  check_run(launch(3, training({"--updates", "30"}),
                   [&](std::uint32_t rank) -> Variables {
                     return {{"PMI_RANK", std::to_string(rank)},
                             {"PMI_SIZE", "3"},
                             {"MPI_LOCALRANKID", std::to_string(rank)},
                             {"MPI_LOCALNRANKS", "3"},
                             {"MASTER_PORT", port}};
                   }),
            "MPICH");
}

TEST_CASE("as srun starts them: the first node of the step, other names than its own included") {
  const std::string port = free_port();
  check_run(launch(2, training({"--updates", "30", "--insecure"}),
                   [&](std::uint32_t rank) -> Variables {
                     return {{"SLURM_PROCID", std::to_string(rank)},
                             {"SLURM_NTASKS", "2"},
                             {"SLURM_STEP_ID", "0"},
                             {"SLURM_JOB_ID", "17"},
                             {"SLURM_STEP_NODELIST", "localhost,elsewhere[1-3]"},
                             {"MASTER_PORT", port}};
                   }),
            "Slurm");
}

TEST_CASE("a worker that comes when the run is over ends by itself, and well") {
  const TemporaryFolder folder;
  const std::string model = (folder.path() / "model.safetensors").string();
  const std::string port = free_port();
  Words words = training({"--updates", "5", "--save-model", model});
  *std::find(words.begin(), words.end(), "sync") = "async";
  const auto start = [&](const std::string& rank) {
    const Surroundings around(Variables{{"SYNCLINE_RANK", rank},
                                        {"SYNCLINE_SIZE", "3"},
                                        {"SYNCLINE_ADDRESS", "127.0.0.1:" + port}});
    return std::make_unique<Process>(words);
  };
  const auto server = start("0"), early = start("1");
  while (!std::filesystem::exists(model)) usleep(1000);
  const Ended late = start("2")->ended();
  CAPTURE(late.err);
  CHECK(late.exit == 0);
  CHECK(late.err == "");
  CHECK(early->ended().exit == 0);
  const Ended ended = server->ended();
  CAPTURE(ended.err);
  CHECK(ended.exit == 0);
}

TEST_CASE("SIGUSR1 to all processes of a job, as Slurm warns them, ends it as Ctrl-C does") {
  const TemporaryFolder folder;
  const std::string checkpoint = (folder.path() / "checkpoints").string();
  const std::string port = free_port();
  const Words words = training({"--updates", "1000000000", "--checkpoint", checkpoint});
  const auto start = [&](const std::string& rank) {
    const Surroundings around(Variables{{"SYNCLINE_RANK", rank},
                                        {"SYNCLINE_SIZE", "2"},
                                        {"SYNCLINE_ADDRESS", "127.0.0.1:" + port}});
    return std::make_unique<Process>(words);
  };
  const auto server = start("0"), worker = start("1");
  // Who comes and goes is told with the time.
  CHECK(server->await(") is up").find(" (at ") == 0);
  worker->signal(SIGUSR1);
  server->signal(SIGUSR1);
  const Ended ended = server->ended();
  CAPTURE(ended.err);
  CHECK(ended.exit == 130);
  CHECK(nlohmann::json::parse(ended.out)["interrupted"] == true);
  CHECK(std::filesystem::exists(checkpoint + "/00000001/state.json"));
  const Ended worked = worker->ended();
  CAPTURE(worked.err);
  CHECK(worked.exit == 0);
}

TEST_CASE("serve and work take the address from the variables where the flags are missing") {
  const Surroundings around(Variables{{"MASTER_ADDR", "127.0.0.1"}, {"MASTER_PORT", free_port()}});
  Process server({"serve", "--json", "--workers", "1", "--model", "quadratic(dimension=50)",
                  "--policy", "sync", "--step-size", "0.01", "--updates", "20"});
  Process worker({"work"});
  const Ended served = server.ended();
  CAPTURE(served.err);
  CHECK(served.exit == 0);
  CHECK(worker.ended().exit == 0);
}

TEST_CASE("a job that is started anew goes on from its checkpoints, and says so") {
  const TemporaryFolder folder;
  const std::string checkpoint = (folder.path() / "checkpoints").string();
  const auto start = [&](const std::string& updates) {
    return syncline_run({"train", "--model", "quadratic(dimension=50)", "--policy", "async",
                         "--step-size", "0.01", "--updates", updates, "--json", "--checkpoint",
                         checkpoint});
  };
  const Surroundings around(Variables{{"SLURM_RESTART_COUNT", "1"}});
  const Ended first = start("30");
  CAPTURE(first.err);
  CHECK(first.exit == 0);
  CHECK(first.err == "");  // there is nothing yet
  const Ended second = start("50");
  CAPTURE(second.err);
  CHECK(second.exit == 0);
  CHECK(second.err.find("goes on from the checkpoints in '" + checkpoint + "'") !=
        std::string::npos);
  CHECK(nlohmann::json::parse(second.out)["updates"] == 50);
}

TEST_CASE("what no launcher says, or says wrongly, ends with status 2") {
  const auto exit_of = [](const Variables& variables, const Words& more) {
    const Surroundings around(variables);
    return syncline_run(training(joined({"--updates", "5"}, more))).exit;
  };
  const Variables two = {{"RANK", "0"}, {"WORLD_SIZE", "2"}};
  CHECK(exit_of({}, {}) == 2);
  CHECK(exit_of({{"RANK", "0"}}, {}) == 2);
  CHECK(exit_of({{"RANK", "2"}, {"WORLD_SIZE", "2"}}, {}) == 2);
  CHECK(exit_of({{"RANK", "0"}, {"WORLD_SIZE", "1"}}, {}) == 2);
  CHECK(exit_of(two, {}) == 2);  // no address
  CHECK(exit_of(two, {"--listen", "127.0.0.1:0"}) == 2);
  CHECK(exit_of(two, {"--listen", "127.0.0.1:1", "--workers", "3"}) == 2);
  CHECK(exit_of({{"RANK", "0"}, {"WORLD_SIZE", "2"}, {"MASTER_ADDR", "10.0.0.1"}}, {}) == 2);
  CHECK(syncline_run({"train", "--time", "1", "--listen", "127.0.0.1:0"}).exit == 2);
}

}  // namespace
}  // namespace syncline
