#pragma once

#include <atomic>

namespace syncline {

/// From now on the first SIGINT or SIGTERM sets the flag and the second one kills the process.
/// The flag lives as long as the process.
[[nodiscard]] const std::atomic<bool>& watch_interrupts();

}  // namespace syncline
