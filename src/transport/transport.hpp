#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace syncline {

/// A connection to a worker, as the server's transport numbers it; no number is used twice.
using Peer = std::uint64_t;

/// Bytes on their way out: a head, and a body that need not be copied, since its owner keeps it.
struct OutgoingMessage {
  std::vector<std::byte> head;
  std::shared_ptr<const void> owner = nullptr;
  std::span<const std::byte> body = {};
};

/// Bytes that have come, or news of the connection.
struct IncomingMessage {
  enum class Kind : std::uint8_t {
    joined,   ///< somebody is there; nothing is known of them yet
    message,  ///< head and body, one after the other
    left,     ///< the connection is gone; nothing more comes from it
    alive     ///< at the server: something is on its way, behind a long message perhaps
  };
  Kind kind = Kind::message;
  Peer peer = 0;                               ///< at the server
  std::chrono::steady_clock::time_point time;  ///< of its arrival; does not decrease
  std::vector<std::byte> bytes;
};

/// The server's end: many connections. Messages of one connection arrive whole and in order, or the
/// connection is reported as gone. Used by one thread; no call waits but receive().
class ServerTransport {
 public:
  virtual ~ServerTransport() = default;

  /// Queues a message. One to a connection that is gone is lost.
  virtual void send(Peer peer, OutgoingMessage message) = 0;
  /// Ends a connection; what was queued before may still be delivered. `left` need not follow.
  virtual void close(Peer peer) = 0;
  /// What has come next; nullopt if nothing comes until then.
  virtual std::optional<IncomingMessage> receive(
      std::chrono::steady_clock::time_point deadline) = 0;
  /// Who that is, for messages to people: "10.0.0.7:41234", "rank 3".
  [[nodiscard]] virtual std::string name(Peer peer) const = 0;
};

/// A worker's end: one connection, which the transport opens again by itself when it is gone, if
/// its kind can: then `left` and `joined` come in between. send() may be called from any thread.
class WorkerTransport {
 public:
  virtual ~WorkerTransport() = default;

  /// Queues a message; lost if there is no connection.
  virtual void send(OutgoingMessage message) = 0;
  /// For the one thread that listens. Throws TransportError if there will be no connection again.
  virtual std::optional<IncomingMessage> receive(
      std::chrono::steady_clock::time_point deadline) = 0;
};

}  // namespace syncline
