#pragma once

#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <utility>

#include "transport/listening.hpp"
#include "transport/transport.hpp"

namespace syncline {

/// What comes over several connections, in the order in which it comes. The connections and
/// `listening`, which nobody else uses in the meantime, must outlive this. take() is for one
/// thread.
class Arrivals {
 public:
  explicit Arrivals(Listening& listening) : listening_(listening) {}
  ~Arrivals() { static_cast<void>(close()); }
  Arrivals(const Arrivals&) = delete;
  Arrivals& operator=(const Arrivals&) = delete;

  /// `source`: under which number it comes.
  void listen_to(WorkerTransport& transport, std::size_t source) {
    listening_.listen([this, &transport, source] { return hear(transport, source); });
  }

  /// Nobody listens any more; returns what has not been taken.
  std::deque<std::pair<std::size_t, IncomingMessage>> close() {
    listening_.close();
    return std::move(messages_);
  }

  /// The next one and its source; nullopt if nothing comes until then. Throws what a connection has
  /// thrown.
  std::optional<std::pair<std::size_t, IncomingMessage>> take(Listening::Time deadline) {
    std::unique_lock lock(mutex_);
    while (messages_.empty() && !failure_ && listening_.wait(lock, deadline)) {
    }
    if (messages_.empty()) {
      if (failure_) std::rethrow_exception(failure_);
      return std::nullopt;
    }
    std::optional<std::pair<std::size_t, IncomingMessage>> message = std::move(messages_.front());
    messages_.pop_front();
    return message;
  }

 private:
  static constexpr std::chrono::milliseconds patience{50};

  bool hear(WorkerTransport& transport, std::size_t source) {
    try {
      if (auto message = transport.receive(transport.now() + patience)) {
        put(source, std::move(*message));
      }
      return true;
    } catch (...) {
      const std::lock_guard lock(mutex_);
      failure_ = std::current_exception();
    }
    listening_.changed();
    return false;
  }
  void put(std::size_t source, IncomingMessage&& message) {
    {
      const std::lock_guard lock(mutex_);
      messages_.emplace_back(source, std::move(message));
    }
    listening_.changed();
  }

  Listening& listening_;
  std::mutex mutex_;
  std::deque<std::pair<std::size_t, IncomingMessage>> messages_;
  std::exception_ptr failure_;
};

}  // namespace syncline
