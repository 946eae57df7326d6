#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "transport/transport.hpp"

namespace syncline {

class MpiLoop;

/// A server that is silent for longer is taken for dead. It says every second that it is alive.
inline constexpr std::chrono::seconds longest_silence_of_server{30};

/// How people are told of a rank.
[[nodiscard]] inline std::string rank_name(int rank) { return "rank " + std::to_string(rank); }

/// The two ends of MpiJob; `loop` must outlive them. `server`: the rank at the other end.
[[nodiscard]] std::unique_ptr<ServerTransport> make_server_end(MpiLoop& loop);
[[nodiscard]] std::unique_ptr<WorkerTransport> make_worker_end(MpiLoop& loop, int server);

}  // namespace syncline
