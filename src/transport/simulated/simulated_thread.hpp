#pragma once

#include <functional>
#include <semaphore>
#include <thread>
#include <utility>

namespace syncline {

/// A thread that runs only while somebody waits for it in resume(): until it pauses or is over. So
/// things still happen one after the other, in an order that no clock decides.
class SimulatedThread {
 public:
  /// `act` begins with the first resume(), and must not throw.
  explicit SimulatedThread(std::function<void()> act)
      : thread_([this, act = std::move(act)] {
          go_on_.acquire();
          act();
          over_ = true;
          paused_.release();
        }) {}
  /// REQUIRES: it is over.
  ~SimulatedThread() { thread_.join(); }
  SimulatedThread(const SimulatedThread&) = delete;
  SimulatedThread& operator=(const SimulatedThread&) = delete;

  void resume() {
    go_on_.release();
    paused_.acquire();
  }
  /// By the thread itself.
  void pause() {
    paused_.release();
    go_on_.acquire();
  }
  [[nodiscard]] bool over() const { return over_; }

 private:
  std::binary_semaphore go_on_{0}, paused_{0};
  bool over_ = false;
  std::thread thread_;  ///< the last member: it uses the others
};

}  // namespace syncline
