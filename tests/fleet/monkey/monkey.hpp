#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <string>

#include "transport/simulated/simulated_network.hpp"

// Whoever plays with the processes and their messages (after SimGrid's monkey).
namespace syncline::testing {

struct Fault {
  enum class Kind : std::uint8_t {
    kill,        ///< SIGKILL
    vanish,      ///< the machine is gone: nobody is told
    stop,        ///< SIGSTOP, for a time
    slow,        ///< everything that it does takes longer, for a time
    cut,         ///< the connections of a worker or shard break
    block_up,    ///< nothing gets from the worker to its servers, or to the shard, for a time
    block_down,  ///< nothing gets from them to the worker, or from the shard
    block,       ///< neither
    delay,       ///< the message at hand, by a time
    duplicate,   ///< it comes twice
    tear         ///< the server dies in the midst of one of the writes that follow
  };
  Kind kind = Kind::kill;
  SimulatedNetwork::Process process = 0;  ///< 0: the server; then the workers, then the shards
  SimulatedNetwork::Seconds time{0};      ///< that it lasts; of a death: until another is there
  double factor = 1;                      ///< slow: how many times
  std::uint64_t write = 1;                ///< tear: the how many-th from now on
  bool machine_gone = false;              ///< tear: with all that was not yet on the disk

  [[nodiscard]] std::string text() const;
};

/// Asked at each step, by its number.
using Monkey = std::function<std::optional<Fault>(std::uint64_t number, SimulatedNetwork::Step step,
                                                  SimulatedNetwork::Process process)>;

/// Does nothing.
[[nodiscard]] Monkey idle_monkey();

/// One fault at one step.
[[nodiscard]] Monkey planned_monkey(std::uint64_t step, const Fault& fault);

/// Faults at random: how many, how often and of which kinds comes from the seed, too. Where there
/// are shards, no message comes twice: their connections promise that.
[[nodiscard]] Monkey random_monkey(std::uint64_t seed, std::size_t workers, std::size_t shards);

}  // namespace syncline::testing
