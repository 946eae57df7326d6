#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace syncline {

/// Something that is done again and again until this is destroyed; then it is not under way either.
class Pulse {
 public:
  Pulse() = default;
  virtual ~Pulse() = default;
  Pulse(const Pulse&) = delete;
  Pulse& operator=(const Pulse&) = delete;
};

/// A pulse by a thread that does nothing else, however busy the others are.
class ThreadPulse final : public Pulse {
 public:
  /// `act` must be thread-safe against whatever else its owner does, and must not throw.
  ThreadPulse(std::chrono::duration<double> every, std::function<void()> act);
  ~ThreadPulse() override;

 private:
  void beat();

  const std::chrono::duration<double> every_;
  const std::function<void()> act_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool closing_ = false;
  std::thread thread_;
};

}  // namespace syncline
