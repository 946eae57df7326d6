#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

#include "metrics/metrics_server.hpp"
#include "trace/live_figures.hpp"

namespace syncline {

/// The figures of one run, and who serves them.
class RunMetrics {
 public:
  /// Watches `host` from now on; must not outlive it. `address`: of this machine, where it listens;
  /// `port`: not 0. Throws ConfigError.
  RunMetrics(Host& host, const std::string& fleet, bool real_time, const std::string& address,
             std::uint32_t port)
      : figures_(host, fleet, real_time),
        server_(address, static_cast<std::uint16_t>(port), [this] { return figures_.picture(); }) {
    host.add_observer(&figures_);
  }

  void evaluated(const EvaluationPoint& point) { figures_.evaluated(point); }
  void checkpoint(bool written) { figures_.checkpoint(written); }
  /// Called all the time: `oddities` is asked only now and then.
  template <class Oddities>
  void keep_up(Oddities&& oddities) {
    const auto now = std::chrono::steady_clock::now();
    if (now - last_ < std::chrono::milliseconds(100)) return;
    last_ = now;
    figures_.refused(oddities());
  }

 private:
  LiveFigures figures_;
  MetricsServer server_;  // after what it reads, so that it ends before
  std::chrono::steady_clock::time_point last_;
};

}  // namespace syncline
