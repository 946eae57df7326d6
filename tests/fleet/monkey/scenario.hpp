#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fleet/monkey/monkey.hpp"
#include "syncline/config.hpp"
#include "transport/simulated/simulated_network.hpp"

namespace syncline::testing {

/// A run in simulated time, and what happens to it.
struct Scenario {
  RunConfig config;  ///< without files
  SimulatedNetwork::Settings network;
  std::vector<SimulatedNetwork::Seconds> gradients;  ///< mean time of each worker
  SimulatedNetwork::Seconds loading{0.01};           ///< of model and data
  bool checkpoints = true;                           ///< else a killed server begins anew
  std::uint64_t most_lost = 0;                       ///< updates that it may lose
  Monkey monkey;

  [[nodiscard]] std::string text() const;
};

/// Puts the parameters at that many shards, at least 2.
void put_at_shards(Scenario& scenario, std::uint32_t shards);

/// Everything from the seed. Every fifth has shards.
[[nodiscard]] Scenario random_scenario(std::uint64_t seed);

/// A small quiet one, where the monkey does one thing.
[[nodiscard]] Scenario small_scenario(const std::string& policy, std::uint32_t workers,
                                      Monkey monkey);

}  // namespace syncline::testing
