#pragma once

#include <mutex>
#include <new>
#include <string>

#include "transport/grpc/fragments.hpp"
#include "transport/grpc/grpc_transport.hpp"
#include "transport/transport_error.hpp"

namespace syncline {

/// One end of a connection, as a reactor of gRPC: what server and worker have in common. Its
/// functions may be called from any thread and do not wait; gRPC calls the reactions from threads
/// of its own, never from within a Start...() or a cancellation, so these may stand under the lock.
template <class Reactor>
class Stream : public Reactor {
 public:
  explicit Stream(const GrpcSettings& settings)
      : settings_(settings), assembler_(settings.largest_message, [this](std::size_t length) {
          return landing_for(length);
        }) {}

  /// Queues a message. Where too many wait already, the other end does not read: that is the end.
  void send(OutgoingMessage message) {
    const std::size_t length = message.head.size() + message.body.size();
    if (length > settings_.largest_message) {
      throw TransportError("a message of " + std::to_string(length) +
                           " bytes is more than a connection carries, " +
                           std::to_string(settings_.largest_message));
    }
    const std::lock_guard lock(mutex_);
    if (ended_ || closing_) return;
    outbox_.push(std::move(message));
    if (outbox_.bytes() > settings_.largest_outbox) return end(true);
    if (!writing_) write();
  }
  /// Ends the connection when what is queued has gone out.
  void close() {
    const std::lock_guard lock(mutex_);
    closing_ = true;
    if (!writing_) end(false);
  }
  /// Ends it at once.
  void abort() {
    const std::lock_guard lock(mutex_);
    end(true);
  }
  /// The message was taken out of the inbox.
  void delivered(const IncomingMessage& message) {
    const std::lock_guard lock(mutex_);
    undelivered_ -= message.bytes.size() + message.landing.bytes.size() + message_overhead;
    if (paused_ && !ended_) read();
  }

  // NOLINTBEGIN(readability-identifier-naming): gRPC names its reactions.
  void OnReadDone(bool ok) final {
    const std::lock_guard lock(mutex_);
    if (ended_) return;
    if (!ok) return end(false);
    try {
      if (auto message = assembler_.take(incoming_)) {
        Landing landing = assembler_.take_landing();
        undelivered_ += message->size() + landing.bytes.size() + message_overhead;
        arrived(std::move(*message), std::move(landing));
      } else {
        progressed();
      }
    } catch (const TransportError&) {
      return end(true);
    } catch (const std::bad_alloc&) {
      return end(true);
    }
    read();
  }
  void OnWriteDone(bool ok) final {
    const std::lock_guard lock(mutex_);
    writing_ = false;
    outgoing_.Clear();
    if (ended_) return;
    if (!ok) return end(false);
    if (!outbox_.empty()) return write();
    if (closing_) end(false);
  }
  // NOLINTEND(readability-identifier-naming)

 protected:
  // All of these under the lock.

  /// Where the end of a message of that length is wanted.
  virtual Landing landing_for(std::size_t length) = 0;
  /// A message has come.
  virtual void arrived(std::vector<std::byte> bytes, Landing landing) = 0;
  /// A part of one has come.
  virtual void progressed() {}
  /// Called once: nothing is started any more. `at_once`: the call is to be cancelled, too.
  virtual void over(bool at_once) = 0;

  void end(bool at_once) {
    if (ended_) return;
    ended_ = true;
    outbox_.clear();
    over(at_once);
  }
  void read() {
    paused_ = undelivered_ > settings_.largest_inbox;
    if (!paused_) this->StartRead(&incoming_);
  }
  [[nodiscard]] bool ended() const { return ended_; }

  std::mutex mutex_;

 private:
  void write() {
    writing_ = true;
    outgoing_ = outbox_.next();
    this->StartWrite(&outgoing_);
  }

  const GrpcSettings settings_;
  FragmentQueue outbox_;
  Assembler assembler_;
  grpc::ByteBuffer incoming_, outgoing_;
  std::size_t undelivered_ = 0;
  bool writing_ = false;
  bool paused_ = false;  ///< no read is under way until receive() has caught up
  bool closing_ = false;
  bool ended_ = false;
};

}  // namespace syncline
