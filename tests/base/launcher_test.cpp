#include "base/launcher.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "syncline/error.hpp"

namespace syncline {
namespace {

/// As torchrun sets them for the third of four processes on two machines.
Environment torchrun() {
  return {{"RANK", "2"},           {"WORLD_SIZE", "4"},       {"LOCAL_RANK", "0"},
          {"GROUP_RANK", "1"},     {"LOCAL_WORLD_SIZE", "2"}, {"MASTER_ADDR", "node1"},
          {"MASTER_PORT", "29500"}};
}

/// As srun sets them, for a step of a job that has been requeued twice.
Environment slurm() {
  return {{"SLURM_PROCID", "3"},
          {"SLURM_NTASKS", "9"},
          {"SLURM_LOCALID", "1"},
          {"SLURM_STEP_ID", "0"},
          {"SLURM_JOB_ID", "4711234"},
          {"SLURM_JOB_NODELIST", "login,node[003-007,9]"},
          {"SLURM_STEP_NODELIST", "node[003-007,9]"},
          {"SLURM_RESTART_COUNT", "2"}};
}

Environment open_mpi() {
  return {{"OMPI_COMM_WORLD_RANK", "1"},
          {"OMPI_COMM_WORLD_SIZE", "3"},
          {"OMPI_COMM_WORLD_LOCAL_RANK", "1"},
          {"OMPI_COMM_WORLD_LOCAL_SIZE", "3"},
          {"PMIX_RANK", "1"}};
}

Environment mpich() {
  return {{"PMI_RANK", "5"}, {"PMI_SIZE", "6"}, {"MPI_LOCALRANKID", "1"}, {"MPI_LOCALNRANKS", "2"}};
}

Environment with(Environment environment, const Environment& more) {
  for (const auto& [name, value] : more) environment[name] = value;
  return environment;
}

std::string refusal(const Environment& environment) {
  try {
    static_cast<void>(launched_process(environment));
    static_cast<void>(launcher_address(environment));
    static_cast<void>(launcher_restarts(environment));
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

void check(const Environment& environment, const std::string& launcher, std::uint32_t rank,
           std::uint32_t size, std::optional<std::uint32_t> local_rank) {
  CAPTURE(launcher);
  const auto process = launched_process(environment);
  REQUIRE(process);
  CHECK(process->launcher == launcher);
  CHECK(process->rank == rank);
  CHECK(process->size == size);
  CHECK(process->local_rank == local_rank);
}

TEST_CASE("rank and size under each launcher") {
  check(torchrun(), "torchrun", 2, 4, 0);
  check(slurm(), "Slurm", 3, 9, 1);
  check(open_mpi(), "Open MPI", 1, 3, 1);
  check(mpich(), "MPICH", 5, 6, 1);
  check({{"SYNCLINE_RANK", "0"}, {"SYNCLINE_SIZE", "1"}}, "SYNCLINE_RANK", 0, 1, std::nullopt);
  CHECK_FALSE(launched_process({}));
  CHECK_FALSE(launched_process({{"PATH", "/bin"}, {"RANK", ""}}));
}

TEST_CASE("of launchers inside each other, the inner one counts; our own variables before all") {
  check(with(slurm(), torchrun()), "torchrun", 2, 4, 0);
  check(with(slurm(), open_mpi()), "Open MPI", 1, 3, 1);
  check(with(slurm(), mpich()), "MPICH", 5, 6, 1);
  check(with(open_mpi(), torchrun()), "torchrun", 2, 4, 0);
  check(with(torchrun(), {{"SYNCLINE_RANK", "1"}, {"SYNCLINE_SIZE", "2"}}), "SYNCLINE_RANK", 1, 2,
        std::nullopt);
}

TEST_CASE("the shell of a Slurm job is none of its tasks") {
  Environment shell = slurm();
  shell.erase("SLURM_STEP_ID");
  CHECK_FALSE(launched_process(shell));
  shell.erase("SLURM_PROCID");
  CHECK_FALSE(launched_process(shell));
}

TEST_CASE("where rank 0 listens") {
  CHECK(launcher_address(torchrun()) == "node1:29500");
  // Its own store listens there.
  CHECK(launcher_address(with(torchrun(), {{"TORCHELASTIC_USE_AGENT_STORE", "True"}})) ==
        "node1:29501");
  CHECK(launcher_address(with(torchrun(), {{"TORCHELASTIC_USE_AGENT_STORE", "False"}})) ==
        "node1:29500");
  CHECK(launcher_address(with(torchrun(), {{"MASTER_ADDR", "fe80::1"}})) == "[fe80::1]:29500");
  CHECK(launcher_address(slurm()) == "node003:16234");
  Environment job = slurm();
  job.erase("SLURM_STEP_NODELIST");
  CHECK(launcher_address(job) == "login:16234");
  CHECK(launcher_address(with(slurm(), {{"MASTER_PORT", "7000"}})) == "node003:7000");
  CHECK(launcher_address(with(slurm(), {{"MASTER_ADDR", "10.0.0.7"}})) == "10.0.0.7:16234");
  CHECK(launcher_address(open_mpi()) == "127.0.0.1:15000");
  CHECK_FALSE(launcher_address(mpich()));
  CHECK_FALSE(launcher_address({}));
  CHECK(launcher_address(with(torchrun(), {{"SYNCLINE_ADDRESS", "there:1"}})) == "there:1");
}

TEST_CASE("how often a job was started anew") {
  CHECK(launcher_restarts({}) == 0);
  CHECK(launcher_restarts(slurm()) == 2);
  CHECK(launcher_restarts(with(torchrun(), {{"TORCHELASTIC_RESTART_COUNT", "1"}})) == 1);
  CHECK(launcher_restarts(with(slurm(), {{"TORCHELASTIC_RESTART_COUNT", "0"}})) == 2);
}

TEST_CASE("what can't be is refused by name and value") {
  CHECK(refusal({{"RANK", "1"}}) == "the variable RANK is set, but WORLD_SIZE is not");
  CHECK(refusal({{"PMI_SIZE", "2"}}) == "the variable PMI_SIZE is set, but PMI_RANK is not");
  CHECK(refusal(with(torchrun(), {{"RANK", "4"}})) ==
        "the variables contradict each other: RANK is 4, and WORLD_SIZE 4");
  CHECK(refusal(with(torchrun(), {{"LOCAL_RANK", "2"}})) ==
        "the variables contradict each other: LOCAL_RANK is 2, and LOCAL_WORLD_SIZE 2");
  CHECK(refusal(with(torchrun(), {{"WORLD_SIZE", "0"}})).find("WORLD_SIZE is '0'") !=
        std::string::npos);
  for (const char* wrong : {"-1", "two", "1 ", "1.0", "99999999999999999999"}) {
    CAPTURE(wrong);
    CHECK(refusal(with(torchrun(), {{"RANK", wrong}})).find("RANK") != std::string::npos);
    CHECK(refusal(with(torchrun(), {{"MASTER_PORT", wrong}})).find("MASTER_PORT") !=
          std::string::npos);
    CHECK(refusal(with(slurm(), {{"SLURM_RESTART_COUNT", wrong}})).find("SLURM_RESTART_COUNT") !=
          std::string::npos);
  }
  CHECK(refusal(with(torchrun(), {{"MASTER_PORT", "65536"}})).find("MASTER_PORT") !=
        std::string::npos);
  CHECK(refusal(with(torchrun(),
                     {{"MASTER_PORT", "65535"}, {"TORCHELASTIC_USE_AGENT_STORE", "True"}})) != "");
  // Half a pair is nobody's business where another launcher is complete.
  CHECK(refusal(with(open_mpi(), {{"RANK", "7"}})) == "");
}

TEST_CASE("lists of nodes: the first name") {
  CHECK(first_node("node1") == "node1");
  CHECK(first_node("node[003-007,9],login") == "node003");
  CHECK(first_node("login,node[003-007,9]") == "login");
  CHECK(first_node("rack[1-2]n[01-16]") == "rack1n01");
  CHECK(first_node("a-1.b_c[12]x") == "a-1.b_c12x");
  CHECK(first_node("n[9-10]") == "n9");
}

TEST_CASE("lists of nodes: what is none") {
  for (const char* wrong : {"", ",a", "a,", "a,,b", "n[", "n[]", "n[1", "n[1,", "n[1-]", "n[-3]",
                            "n[3-1]", "n[a]", "n]", "n[1]]", "n[[1]]", "n 1", "n[1;2]", "a,n[1"}) {
    CAPTURE(wrong);
    CHECK_THROWS_AS(static_cast<void>(first_node(wrong)), ConfigError);
  }
}

TEST_CASE("lists of nodes, any text: a name that could be one, or an error") {
  rc::check([](const std::string& tail) {
    const std::string list =
        *rc::gen::container<std::string>(rc::gen::elementOf(std::string("n0129[],-. "))) + tail;
    try {
      const std::string name = first_node(list);
      RC_ASSERT(!name.empty());
      RC_ASSERT(name.find_first_of("[], ") == std::string::npos);
      RC_ASSERT(list.front() == '[' || name.front() == list.front());
    } catch (const ConfigError&) {
      RC_SUCCEED("refused");
    }
  });
}

}  // namespace
}  // namespace syncline
