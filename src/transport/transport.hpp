#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "transport/landings.hpp"
#include "transport/pulse.hpp"

namespace syncline {

/// Bytes on their way out: a head, and a body that need not be copied, since its owner keeps it.
struct OutgoingMessage {
  std::vector<std::byte> head;
  std::shared_ptr<const void> owner = nullptr;
  std::span<const std::byte> body = {};
};

/// What was wrong with a connection, if anything.
struct Fault {
  std::string kind;  ///< one of few, to count by; empty: nothing was wrong
  std::string text;  ///< the whole of it
};

/// Bytes that have come, or news of the connection.
struct IncomingMessage {
  enum class Kind : std::uint8_t {
    joined,   ///< somebody is there; nothing is known of them yet
    message,  ///< head and body, one after the other
    left,     ///< the connection is gone; nothing more comes from it
    alive,    ///< something is on its way, behind a long message perhaps
    refused   ///< at the server: somebody (`peer` is 0) was not let in by the transport itself
  };
  Kind kind = Kind::message;
  Peer peer = 0;                               ///< at the server
  std::chrono::steady_clock::time_point time;  ///< of its arrival; does not decrease
  std::vector<std::byte> bytes;
  Landing landing = {};  ///< the end of the message, where land_at() has it; not in `bytes` then
  Fault fault = {};      ///< why somebody was refused, or the transport has ended the connection
};

/// What both ends have in common: time passes as the transport says, so that whoever works with one
/// works in simulated time as well.
class TransportEnd {
 public:
  virtual ~TransportEnd() = default;

  /// The present, by the clock of deadlines and arrivals.
  [[nodiscard]] virtual std::chrono::steady_clock::time_point now() const {
    return std::chrono::steady_clock::now();
  }
  /// Does something again and again. `act` may send. The pulse must go before the end does.
  [[nodiscard]] virtual std::unique_ptr<Pulse> pulse(std::chrono::duration<double> every,
                                                     std::function<void()> act);
  /// Has the ends of long messages written to where their receiver wants them, which saves a copy.
  /// Null: no more. A transport that always has all in IncomingMessage::bytes need not ask.
  // NOLINTNEXTLINE(performance-unnecessary-value-param): those who override it keep it
  virtual void land_at(LandingFor) {}
};

/// The server's end: many connections. Messages of one connection arrive whole and in order, or the
/// connection is reported as gone. Used by one thread, but for send() by pulses; no call waits but
/// receive().
class ServerTransport : public TransportEnd {
 public:
  /// Queues a message. One to a connection that is gone is lost.
  virtual void send(Peer peer, OutgoingMessage message) = 0;
  /// From now on the connection may send long messages. Before, nobody knows who that is, and a
  /// transport to strangers ends a connection that sends more than a hello.
  virtual void admit(Peer) {}
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
class WorkerTransport : public TransportEnd {
 public:
  /// Queues a message; lost if there is no connection.
  virtual void send(OutgoingMessage message) = 0;
  /// For the one thread that listens. Throws TransportError if there will be no connection again.
  virtual std::optional<IncomingMessage> receive(
      std::chrono::steady_clock::time_point deadline) = 0;
  /// By the same thread: ends the connection, whose other end seems to be dead. `left` follows.
  virtual void reconnect() = 0;
  /// Why there is no connection; empty while there is one, or nothing is known.
  [[nodiscard]] virtual std::string trouble() const { return {}; }
};

}  // namespace syncline
