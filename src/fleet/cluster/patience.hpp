#pragma once

#include <algorithm>
#include <chrono>

// How long server and workers wait for each other, where no computing is waited for.
namespace syncline {

/// Seconds between heartbeats, by default and at the least and most.
inline constexpr double usual_heartbeat = 0.2;
inline constexpr double shortest_heartbeat = 0.01;
inline constexpr double longest_heartbeat = 600;

/// Heartbeats of a worker that may be missing before the server takes it for dead.
inline constexpr double missing_heartbeats = 3;

/// Limits of the patience with a reply (ReplyDeadline). The lower one is generous: a machine may be
/// short of processors for a while.
inline constexpr std::chrono::duration<double> shortest_patience{5};
inline constexpr std::chrono::duration<double> longest_patience{60};

/// The same for what comes once every heartbeat.
[[nodiscard]] inline std::chrono::duration<double> patience_with(
    std::chrono::duration<double> heartbeat) {
  return std::max(shortest_patience, 10 * heartbeat);
}
[[nodiscard]] inline std::chrono::duration<double> longest_patience_with(
    std::chrono::duration<double> heartbeat) {
  return std::max(longest_patience, 100 * heartbeat);
}

}  // namespace syncline
