#pragma once

#include <atomic>
#include <cstdint>

namespace syncline {

/// What SIGUSR1 does, by which Slurm warns all processes of a job that its time is nearly over.
enum class Warning : std::uint8_t {
  heeded,  ///< sets the flag, as often as it comes
  ignored  ///< whoever takes part in a run ends with it
};

/// From now on the first SIGINT or SIGTERM sets the flag and the second one kills the process.
/// The flag lives as long as the process.
[[nodiscard]] const std::atomic<bool>& watch_interrupts(Warning warning = Warning::ignored);

}  // namespace syncline
