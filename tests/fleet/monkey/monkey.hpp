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
    cut,         ///< the worker's connection breaks
    block_up,    ///< nothing gets from the worker to the server for a time
    block_down,  ///< nothing gets from the server to the worker
    block,       ///< neither
    delay,       ///< the message at hand, by a time
    duplicate    ///< it comes twice
  };
  Kind kind = Kind::kill;
  SimulatedNetwork::Process process = 0;  ///< 0: the server
  SimulatedNetwork::Seconds time{0};      ///< that it lasts; kill, vanish: until another is there

  [[nodiscard]] std::string text() const;
};

/// Asked at each step, by its number.
using Monkey = std::function<std::optional<Fault>(std::uint64_t number, SimulatedNetwork::Step step,
                                                  SimulatedNetwork::Process process)>;

/// One fault at one step.
[[nodiscard]] Monkey planned_monkey(std::uint64_t step, const Fault& fault);

/// Faults at random: how many, how often and of which kinds comes from the seed, too.
[[nodiscard]] Monkey random_monkey(std::uint64_t seed, std::size_t workers);

}  // namespace syncline::testing
