#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "transport/transport.hpp"

namespace syncline {

/// What comes over several connections, in the order in which it comes: a thread for each of them
/// listens. The connections must outlive this. take() is for one thread.
class Arrivals {
 public:
  Arrivals() = default;
  ~Arrivals() { static_cast<void>(close()); }
  Arrivals(const Arrivals&) = delete;
  Arrivals& operator=(const Arrivals&) = delete;

  /// `source`: under which number it comes.
  void listen_to(WorkerTransport& transport, std::size_t source) {
    threads_.emplace_back([this, &transport, source] {
      try {
        while (!closing_) {
          auto message = transport.receive(transport.now() + patience);
          if (message) put(source, std::move(*message));
        }
      } catch (...) {
        const std::lock_guard lock(mutex_);
        failure_ = std::current_exception();
        filled_.notify_one();
      }
    });
  }

  /// Nobody listens any more; returns what has not been taken.
  std::deque<std::pair<std::size_t, IncomingMessage>> close() {
    closing_ = true;
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
    return std::move(messages_);
  }

  /// The next one and its source; nullopt if nothing comes until then. Throws what a connection has
  /// thrown.
  std::optional<std::pair<std::size_t, IncomingMessage>> take(
      std::chrono::steady_clock::time_point deadline) {
    std::unique_lock lock(mutex_);
    filled_.wait_until(lock, deadline, [&] { return !messages_.empty() || failure_; });
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

  void put(std::size_t source, IncomingMessage&& message) {
    {
      const std::lock_guard lock(mutex_);
      messages_.emplace_back(source, std::move(message));
    }
    filled_.notify_one();
  }

  std::atomic<bool> closing_{false};
  std::mutex mutex_;
  std::condition_variable filled_;
  std::deque<std::pair<std::size_t, IncomingMessage>> messages_;
  std::exception_ptr failure_;
  std::vector<std::thread> threads_;
};

}  // namespace syncline
