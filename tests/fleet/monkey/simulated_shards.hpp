#pragma once

#include <functional>
#include <string>

#include "fleet/training/make_run_fleet.hpp"
#include "transport/simulated/simulated_network.hpp"

// Shards in simulated time: the real ones, each in a process of its own. Their addresses are the
// numbers of their processes.
namespace syncline::testing {

/// Begins the process of a shard, which serves one run after the other until it is killed. `told`:
/// what it says to people; `failed`: how it has ended by itself, which it should not.
void begin_shard(SimulatedNetwork& network, SimulatedNetwork::Process process,
                 std::function<void(const std::string&)> told,
                 std::function<void(const std::string&)> failed);

/// Has the server find the shards of that many processes, from `first` on.
void call_shards(SimulatedNetwork& network, SimulatedNetwork::Process first, std::size_t count,
                 WayToWorkers& way);

/// The process of the shard that an error of the server names; 0: it names none.
[[nodiscard]] SimulatedNetwork::Process blamed_shard(const std::string& error);

}  // namespace syncline::testing
