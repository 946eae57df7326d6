#pragma once

#include <chrono>
#include <mutex>
#include <new>
#include <string>

#include "transport/grpc/fragments.hpp"
#include "transport/grpc/grpc_transport.hpp"
#include "transport/transport_error.hpp"

namespace syncline {

/// One end of a connection, as a queued call: what server and worker have in common. Its functions
/// may be called from any thread and do not wait; the reactions come from the pump, never from
/// within a Start...() or a cancellation, so these may stand under the lock.
template <class Reactor>
class Stream : public Reactor {
 public:
  /// `largest`: message that it takes.
  Stream(const GrpcSettings& settings, std::size_t largest)
      : settings_(settings),
        assembler_(largest, [this](std::size_t length) { return landing_for(length); }) {}

  /// Takes as long messages as it sends from now on.
  void admit() {
    const std::lock_guard lock(mutex_);
    assembler_.set_largest_message(settings_.largest_message);
  }

  /// Queues a message. Where too many wait already, the other end does not read: that is the end.
  void send(OutgoingMessage message) {
    const std::size_t length = message.head.size() + message.body.size();
    if (length > settings_.largest_message) {
      throw TransportError("a message of " + std::to_string(length) +
                           " bytes is more than a connection carries, " +
                           std::to_string(settings_.largest_message));
    }
    const std::lock_guard lock(mutex_);
    if (ended_ || closing_ || deaf_) return;
    outbox_.push(std::move(message));
    if (outbox_.bytes() > settings_.largest_outbox) {
      return end(true, {"unread messages", "it does not read what it is sent"});
    }
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
      } else if (const auto now = std::chrono::steady_clock::now();
                 now - last_news_ >= news_of_progress) {
        last_news_ = now;
        progressed();
      }
    } catch (const FrameError& error) {
      return end(true, error.fault());
    } catch (const std::bad_alloc&) {
      return end(true, {"oversized message", "there is no memory for its message"});
    }
    read();
  }
  void OnWriteDone(bool ok) final {
    const std::lock_guard lock(mutex_);
    writing_ = false;
    outgoing_.Clear();
    if (ended_) return;
    if (!ok) {
      // The other end has ended the call. What it had sent before has still to be read; then
      // comes its end.
      deaf_ = true;
      outbox_.clear();
      return;
    }
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
  /// A part of one has come; called now and then.
  virtual void progressed() = 0;
  /// Called once: nothing is started any more. `at_once`: the call is to be cancelled, too.
  virtual void over(bool at_once, const Fault& fault) = 0;

  void end(bool at_once, const Fault& fault = {}) {
    if (ended_) return;
    ended_ = true;
    outbox_.clear();
    over(at_once, fault);
  }
  void read() {
    paused_ = undelivered_ > settings_.largest_inbox;
    if (!paused_) this->StartRead(&incoming_);
  }
  [[nodiscard]] bool ended() const { return ended_; }
  [[nodiscard]] const GrpcSettings& settings() const { return settings_; }

  std::mutex mutex_;

 private:
  void write() {
    writing_ = true;
    outgoing_ = outbox_.next();
    this->StartWrite(&outgoing_);
  }

  /// How often a long message on its way is news.
  static constexpr std::chrono::milliseconds news_of_progress{50};

  const GrpcSettings settings_;
  FragmentQueue outbox_;
  Assembler assembler_;
  grpc::ByteBuffer incoming_, outgoing_;
  std::size_t undelivered_ = 0;
  bool writing_ = false;
  bool paused_ = false;  ///< no read is under way until receive() has caught up
  bool closing_ = false;
  bool deaf_ = false;  ///< the other end: it takes nothing more
  bool ended_ = false;
  std::chrono::steady_clock::time_point last_news_;
};

}  // namespace syncline
