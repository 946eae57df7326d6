#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "base/message_bytes.hpp"
#include "syncline/host.hpp"

// What server and workers say to each other, whatever carries it (docs/protocol.md). A message is
// the kind, then its fields in this order, numbers little-endian, then the body if it has one.
namespace syncline {

inline constexpr std::uint32_t protocol_version = 2;
/// First in a hello, so that a stranger on the port is told from an old worker.
inline constexpr std::uint32_t protocol_magic = 0x434e5953;  // "SYNC"

// A worker's messages.

/// The first one.
struct Hello {
  std::uint32_t version = protocol_version;
  std::string token;  ///< of the job; empty if none was given
  // Of the worker's last connection: what it had there is gone, and not to be waited for.
  std::uint64_t incarnation = 0;  ///< of the server; 0: there was none
  std::uint64_t job = 0;          ///< 1 + the job that it had in hand; 0: none
};
/// The worker has made its replica and takes jobs.
struct Ready {
  std::uint64_t dimension = 0;  ///< of its model, to be compared
  std::uint64_t buffers = 0;
};
/// It is alive, busy or not.
struct Heartbeat {
  std::uint64_t taken = 0;  ///< 1 + the last job that has got here; 0: none
};
/// What a job has come to. Body: the payload, if any step was done.
struct Result {
  std::uint64_t incarnation = 0;  ///< of the server that has sent the job
  std::uint64_t job = 0;
  Version read = 0;  ///< that it was computed at
  std::uint32_t steps = 0;
  double loss = 0;
  bool coded = false;  ///< by the codec of the run; payloads that are not finite can't be
};
/// As many steps are done as were to be reported.
struct StepsDone {
  std::uint64_t incarnation = 0;
  std::uint64_t job = 0;
};
/// A cancelled job is given up.
struct GivenUp {
  std::uint64_t incarnation = 0;
  std::uint64_t job = 0;
  std::uint64_t pieces_done = 0;  ///< micro-batches
  std::uint64_t pieces = 0;
};

// The server's messages.

/// Answer to a hello.
struct Welcome {
  std::uint64_t incarnation = 0;  ///< of the server
  WorkerId worker = 0;
  double heartbeat = 0;  ///< seconds between heartbeats
  std::string config;    ///< of the run, JSON
  std::string shards;    ///< where they are, separated by commas; empty: there are none
};
/// Answer to a hello, before the connection is closed.
struct Refusal {
  std::string reason;
  bool try_again = false;  ///< later it may be otherwise
};
/// A job. Body: the states that it starts from, unless the worker has them.
struct Assignment {
  Job job;
  double step_size = 0;
  std::uint64_t used = 0;     ///< 1 + the worker's last job whose payload was used; 0: none yet
  Version read = 0;           ///< the version of the first state
  Version previous = 0;       ///< and of the second
  std::uint8_t states = 0;    ///< how many are in the body
  bool has_previous = false;  ///< whether the program gets a second one
  bool coded = false;         ///< the states, by the codec of the run
  bool afresh = false;        ///< what the worker remembers of its jobs is void
};
struct CancelJob {
  std::uint64_t job = 0;
};
struct StopJob {
  std::uint64_t job = 0;
};
/// The run is over.
struct Goodbye {
  std::string reason;
};
/// The server is alive, busy or not.
struct Beat {};

using WorkerSays = std::variant<Hello, Ready, Heartbeat, Result, StepsDone, GivenUp>;
using ServerSays = std::variant<Welcome, Refusal, Assignment, CancelJob, StopJob, Goodbye, Beat>;

[[nodiscard]] std::vector<std::byte> encode(const WorkerSays& message);
[[nodiscard]] std::vector<std::byte> encode(const ServerSays& message);

/// Take a message apart; `body` gets what follows its fields: nothing, but for Result and
/// Assignment. Throw MalformedMessage.
[[nodiscard]] WorkerSays decode_from_worker(std::span<const std::byte> bytes,
                                            std::span<const std::byte>& body);
[[nodiscard]] ServerSays decode_from_server(std::span<const std::byte> bytes,
                                            std::span<const std::byte>& body);

}  // namespace syncline
