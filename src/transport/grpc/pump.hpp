#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <grpcpp/completion_queue.h>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace syncline {

/// What gRPC has done, in a Pump's queue. Its tags there point to such.
class Completion {
 public:
  Completion() = default;
  virtual ~Completion() = default;
  Completion(const Completion&) = delete;
  Completion& operator=(const Completion&) = delete;
  /// `ok`: as gRPC says. Must not wait, nor call turn().
  virtual void done(bool ok) = 0;

  /// To begin something with.
  [[nodiscard]] void* tag() {
    ++begun_;
    return this;
  }
  [[nodiscard]] static Completion& of(void* tag) {
    static_cast<void>(begun_.load());
    return *static_cast<Completion*>(tag);
  }

 private:
  /// Whoever polls sees all that was written before a thing was begun. gRPC's own locks see to
  /// that, but the thread sanitizer does not know them.
  static inline std::atomic<std::uint64_t> begun_{0};
};

/// A completion queue, and whose turn it is to work for it: gRPC sends and receives only while
/// somebody polls. Whoever waits for messages does so itself, and so has them without being woken
/// by another thread, which takes longer than a small message. While it does something else for
/// longer, a thread stands in. Where there is more to do than one can do, all hands poll.
class Pump {
 public:
  using Clock = std::chrono::steady_clock;

  /// `hands`: threads, at least one.
  Pump(std::unique_ptr<grpc::CompletionQueue> queue, unsigned hands);
  /// All that was begun by the queue must have come back.
  ~Pump();
  Pump(const Pump&) = delete;
  Pump& operator=(const Pump&) = delete;

  [[nodiscard]] grpc::CompletionQueue& queue() { return *queue_; }
  /// For the one thread that waits, unless all hands poll: until something was done, perhaps by who
  /// stood in, or for a while, at most till then. `there`: what is waited for has come.
  void turn(Clock::time_point deadline, const std::function<bool()>& there);
  /// Whether all hands poll from now on. From any thread.
  void set_all_hands(bool all);

 private:
  void poll(Clock::time_point deadline);
  void work(bool stands_in);

  const std::unique_ptr<grpc::CompletionQueue> queue_;
  std::mutex turn_;                       ///< of who polls alone
  std::atomic<std::uint64_t> visits_{0};  ///< how often turn() has begun or ended: odd within
  std::mutex mutex_;
  std::condition_variable changed_;
  bool all_hands_ = false;
  bool closing_ = false;
  std::vector<std::thread> hands_;
};

}  // namespace syncline
