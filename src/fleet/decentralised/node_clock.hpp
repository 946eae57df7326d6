#pragma once

#include <cstdint>
#include <vector>

#include "fleet/virtual/fleet_timing.hpp"
#include "syncline/event.hpp"

namespace syncline {

/// How long nodes take: the draws of (seed, node, job) that workers of a server would have, and the
/// exchange of models over links without a server.
class NodeClock {
 public:
  /// `timing` must outlive it; `latency` is the part of its trips that no size of message makes.
  NodeClock(const FleetTiming& timing, double latency, std::uint64_t seed);

  /// When the gradient is there that a node begins to compute at `start`. A node's starts must not
  /// decrease. Throws DataError where the law has no time left for it.
  double finish(WorkerId node, std::uint64_t job, double start);

  /// How long a node needs to send its model to so many neighbours, or to hear as many, over its
  /// own link: latency + messages * bytes / bandwidth. Both directions work at once.
  [[nodiscard]] double broadcast(std::uint64_t messages) const;
  /// There and back with one neighbour.
  [[nodiscard]] double exchange() const { return timing_.trip(); }

 private:
  const FleetTiming& timing_;
  double latency_;
  std::uint64_t seed_;
  std::vector<SlownessPath> paths_;
};

}  // namespace syncline
