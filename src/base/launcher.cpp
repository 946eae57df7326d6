#include "base/launcher.hpp"

#include <charconv>
#include <unistd.h>

#include "syncline/error.hpp"

namespace syncline {
namespace {

/// Where a launcher writes what. Sources: torch.distributed.run, srun(1), mpirun(1), Hydra.
struct Launcher {
  const char* name;
  const char* rank;
  const char* size;
  const char* local_rank;
  const char* local_size;
  /// Without it the other variables are those of a job's shell, not of one of its processes.
  const char* only_with = nullptr;
};

constexpr Launcher launchers[] = {
    {"SYNCLINE_RANK", "SYNCLINE_RANK", "SYNCLINE_SIZE", "SYNCLINE_LOCAL_RANK",
     "SYNCLINE_LOCAL_SIZE"},
    {"torchrun", "RANK", "WORLD_SIZE", "LOCAL_RANK", "LOCAL_WORLD_SIZE"},
    {"Open MPI", "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_LOCAL_RANK",
     "OMPI_COMM_WORLD_LOCAL_SIZE"},
    {"MPICH", "PMI_RANK", "PMI_SIZE", "MPI_LOCALRANKID", "MPI_LOCALNRANKS"},
    {"Slurm", "SLURM_PROCID", "SLURM_NTASKS", "SLURM_LOCALID", nullptr, "SLURM_STEP_ID"},
};

constexpr std::uint64_t largest_size = 1'000'000;
constexpr std::uint64_t usual_port = 15000;
/// Slurm jobs on one node get ports of their own, as long as their numbers differ in four digits.
constexpr std::uint64_t job_numbers = 10000;

/// Empty values are as good as none.
const std::string* find(const Environment& environment, const char* name) {
  if (name == nullptr) return nullptr;
  const auto found = environment.find(std::string_view(name));
  return found == environment.end() || found->second.empty() ? nullptr : &found->second;
}

std::optional<std::uint64_t> number(const Environment& environment, const char* name,
                                    std::uint64_t least, std::uint64_t most) {
  const std::string* text = find(environment, name);
  if (text == nullptr) return std::nullopt;
  std::uint64_t value = 0;
  const char* end = text->data() + text->size();
  const auto [rest, error] = std::from_chars(text->data(), end, value);
  if (error != std::errc() || rest != end || value < least || value > most) {
    throw ConfigError("the variable " + std::string(name) + " is '" + *text +
                      "', and not a number from " + std::to_string(least) + " to " +
                      std::to_string(most));
  }
  return value;
}

std::optional<std::uint32_t> small_number(const Environment& environment, const char* name,
                                          std::uint64_t least, std::uint64_t most) {
  const auto value = number(environment, name, least, most);
  if (!value) return std::nullopt;
  return static_cast<std::uint32_t>(*value);
}

void check_below(const char* rank_name, std::uint32_t rank, const char* size_name,
                 std::uint32_t size) {
  if (rank < size) return;
  throw ConfigError("the variables contradict each other: " + std::string(rank_name) + " is " +
                    std::to_string(rank) + ", and " + size_name + " " + std::to_string(size));
}

LaunchedProcess process_of(const Launcher& launcher, const Environment& environment) {
  LaunchedProcess process;
  process.launcher = launcher.name;
  process.rank = small_number(environment, launcher.rank, 0, largest_size).value();
  process.size = small_number(environment, launcher.size, 1, largest_size).value();
  process.local_rank = small_number(environment, launcher.local_rank, 0, largest_size);
  process.local_size = small_number(environment, launcher.local_size, 1, largest_size);
  check_below(launcher.rank, process.rank, launcher.size, process.size);
  if (process.local_rank && process.local_size) {
    check_below(launcher.local_rank, *process.local_rank, launcher.local_size, *process.local_size);
  }
  return process;
}

std::uint64_t port(const Environment& environment) {
  const std::string* taken = find(environment, "TORCHELASTIC_USE_AGENT_STORE");
  // torchrun itself listens there, if it was started with a fixed address.
  if (taken != nullptr && *taken == "True") {
    if (const auto master = number(environment, "MASTER_PORT", 1, 65534)) return *master + 1;
  }
  if (const auto master = number(environment, "MASTER_PORT", 1, 65535)) return *master;
  const auto job = number(environment, "SLURM_JOB_ID", 0, UINT64_MAX);
  return usual_port + job.value_or(0) % job_numbers;
}

std::optional<std::string> host(const Environment& environment) {
  if (const auto* master = find(environment, "MASTER_ADDR")) return *master;
  for (const char* name : {"SLURM_STEP_NODELIST", "SLURM_JOB_NODELIST"}) {
    if (const auto* list = find(environment, name)) return first_node(*list);
  }
  const auto process = launched_process(environment);
  if (process && process->all_on_one_machine()) return "127.0.0.1";
  return std::nullopt;
}

}  // namespace

Environment this_environment() {
  Environment variables;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const auto equals = text.find('=');
    if (equals != std::string_view::npos) {
      variables.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
  }
  return variables;
}

std::optional<LaunchedProcess> launched_process(const Environment& environment) {
  const Launcher* half = nullptr;
  for (const Launcher& launcher : launchers) {
    if (launcher.only_with != nullptr && find(environment, launcher.only_with) == nullptr) continue;
    const bool rank = find(environment, launcher.rank) != nullptr;
    const bool size = find(environment, launcher.size) != nullptr;
    if (rank && size) return process_of(launcher, environment);
    if (rank != size && half == nullptr) half = &launcher;
  }
  if (half == nullptr) return std::nullopt;
  const bool has_rank = find(environment, half->rank) != nullptr;
  throw ConfigError("the variable " + std::string(has_rank ? half->rank : half->size) +
                    " is set, but " + (has_rank ? half->size : half->rank) + " is not");
}

std::optional<std::string> launcher_address(const Environment& environment) {
  if (const auto* own = find(environment, "SYNCLINE_ADDRESS")) return *own;
  auto name = host(environment);
  if (!name) return std::nullopt;
  // An IPv6 address stands in brackets.
  if (name->find(':') != std::string::npos && name->front() != '[') name = "[" + *name + "]";
  return *name + ":" + std::to_string(port(environment));
}

std::uint64_t launcher_restarts(const Environment& environment) {
  for (const char* name : {"TORCHELASTIC_RESTART_COUNT", "SLURM_RESTART_COUNT"}) {
    const auto count = number(environment, name, 0, largest_size);
    if (count.value_or(0) > 0) return *count;
  }
  return 0;
}

}  // namespace syncline
