#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace syncline {

/// Names and values of a process's environment.
using Environment = std::map<std::string, std::string, std::less<>>;

/// That of this process, as it is now.
[[nodiscard]] Environment this_environment();

/// Which of several processes this is, that a launcher has started together.
struct LaunchedProcess {
  std::string launcher;  ///< "torchrun", "Open MPI", ...
  std::uint32_t rank = 0;
  std::uint32_t size = 1;
  // On its machine; where the launcher doesn't say, nothing.
  std::optional<std::uint32_t> local_rank;
  std::optional<std::uint32_t> local_size;

  [[nodiscard]] bool all_on_one_machine() const { return local_size == size; }
};

/// What torchrun, Open MPI, MPICH or Slurm's srun say, in this order, since those further in front
/// may have been started by those behind; SYNCLINE_RANK and SYNCLINE_SIZE before them all. Nothing
/// outside of launchers. Throws ConfigError, with names and values, for what can't be: half of a
/// pair, no number, a rank that is not below the size.
[[nodiscard]] std::optional<LaunchedProcess> launched_process(const Environment& environment);

/// Where rank 0 listens, host:port: SYNCLINE_ADDRESS, else MASTER_ADDR, else the first node of the
/// Slurm step (of the job, if there is no step), else 127.0.0.1 where all processes are on one
/// machine. The port is MASTER_PORT (one higher where torchrun has taken that itself), else 15000,
/// in Slurm plus the last four digits of the job's number. Nothing if no variable tells. Throws
/// ConfigError.
[[nodiscard]] std::optional<std::string> launcher_address(const Environment& environment);

/// How often the launcher has started this job anew (SLURM_RESTART_COUNT,
/// TORCHELASTIC_RESTART_COUNT). Throws ConfigError.
[[nodiscard]] std::uint64_t launcher_restarts(const Environment& environment);

/// The first name of a list as Slurm writes them, `node[003-007,9],login`. Throws ConfigError if
/// any part of it is not well formed.
[[nodiscard]] std::string first_node(std::string_view list);

}  // namespace syncline
