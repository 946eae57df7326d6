#pragma once

#include <atomic>
#include <exception>
#include <memory>
#include <string>
#include <thread>

#include "fleet/cluster/work.hpp"
#include "transport/inproc.hpp"

namespace syncline::testing {

/// A worker that takes part from a thread of its own.
class WorkingThread {
 public:
  WorkingThread(InprocNetwork& network, std::string name, std::string token = "",
                DialShard dial = nullptr)
      : transport_(network.connect(name)),
        thread_([this, token = std::move(token), dial = std::move(dial)] {
          try {
            ending_ = work(
                *transport_, token, "", [](const std::string&) {}, [this] { return stop_.load(); },
                dial);
          } catch (const std::exception& error) {
            ending_ = error.what();
          }
          // As a process that has ended: its connection goes with it.
          transport_.reset();
        }) {}
  ~WorkingThread() {
    if (thread_.joinable()) ended();
  }

  /// Why it ended; waits for that, or makes it end.
  std::string ended(bool stop = true) {
    if (stop) stop_ = true;
    thread_.join();
    return ending_;
  }

 private:
  std::atomic<bool> stop_{false};
  std::string ending_;
  std::unique_ptr<WorkerTransport> transport_;
  std::thread thread_;
};

}  // namespace syncline::testing
