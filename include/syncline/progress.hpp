#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

namespace syncline {

/// One evaluation on a snapshot; NaN where the workload has no such figure.
struct Evaluated {
  double time = 0;  ///< virtual
  std::uint64_t update = 0;
  double test_error = 0;
  double test_loss = 0;
  double train_loss = 0;
};

/// How long work tells the outside where it stands, and learns that it should end.
/// `report` may be called from any thread but never from two at once.
struct Progress {
  /// What is being done, and how much of it: 0..1.
  std::function<void(const std::string& what, double fraction)> report = [](const std::string&,
                                                                            double) {};
  /// One evaluation of train(); called in order of virtual time, never from two threads at once.
  std::function<void(const Evaluated&)> evaluated = [](const Evaluated&) {};
  /// What the user should know before the work begins. Called from the caller's thread.
  std::function<void(const std::string&)> warning = [](const std::string&) {};
  /// What a policy has decided, at which time, and why (Actions::note).
  std::function<void(double time, const std::string& text)> noted = [](double, const std::string&) {
  };
  /// Set from a signal handler: the work ends soon, cleanly, with what it has measured.
  const std::atomic<bool>* interrupted = nullptr;

  [[nodiscard]] bool stop() const {
    return interrupted != nullptr && interrupted->load(std::memory_order_relaxed);
  }
};

}  // namespace syncline
