#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "transport/landings.hpp"

namespace syncline {

/// What ranks of an MPI job send each other.
enum class FrameKind : std::uint32_t {
  open,      ///< a worker begins a connection, by its number; ends the one before
  message,   ///< of a connection
  closed,    ///< one end has ended a connection
  leave,     ///< to rank 0: this rank has nothing more to do in this job
  over,      ///< this server takes no more connections
  alive,     ///< nothing new
  finalize,  ///< the server's last word: everybody has left, so MPI_Finalize will return
  exit       ///< or: somebody is missing, and it would not
};

struct Frame {
  FrameKind kind = FrameKind::alive;
  int rank = 0;                  ///< at the other end
  std::uint32_t connection = 0;  ///< numbered by who opened it, from 1
  std::chrono::steady_clock::time_point time;
  std::vector<std::byte> bytes;  ///< of a message
  Landing landing = {};          ///< its end, where that was wanted elsewhere
};

}  // namespace syncline
