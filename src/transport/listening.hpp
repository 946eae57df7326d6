#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace syncline {

/// How a process listens to several connections at once, while it does something else, and how it
/// waits for what they bring: with threads, or in simulated time.
class Listening {
 public:
  using Time = std::chrono::steady_clock::time_point;
  /// Receives from one connection, waits for it a little if need be, and does something with what
  /// has come. False: no more of it. Must not throw, but what ends a simulated process.
  using Turn = std::function<bool()>;

  Listening() = default;
  virtual ~Listening() = default;
  Listening(const Listening&) = delete;
  Listening& operator=(const Listening&) = delete;

  /// From here on turn() is called again and again, whatever else is done.
  virtual void listen(Turn turn) = 0;
  /// Until changed() is called, and sometimes sooner. False: it is `until`, by the clock of the
  /// connections. `lock` guards what is waited for, and is open in the meantime.
  virtual bool wait(std::unique_lock<std::mutex>& lock, Time until) = 0;
  virtual void changed() = 0;
  /// No turn is under way any more, and none begins, until listen() is called again. REQUIRES: the
  /// lock of wait() is open.
  virtual void close() = 0;
};

/// With a thread for each connection.
class ThreadListening final : public Listening {
 public:
  ~ThreadListening() override { close(); }

  void listen(Turn turn) override;
  bool wait(std::unique_lock<std::mutex>& lock, Time until) override;
  void changed() override { changed_.notify_all(); }
  void close() override;

 private:
  std::atomic<bool> closing_{false};
  std::condition_variable changed_;
  std::vector<std::thread> threads_;
};

[[nodiscard]] std::unique_ptr<Listening> listen_with_threads();

}  // namespace syncline
