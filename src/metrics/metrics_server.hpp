#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "trace/run_picture.hpp"

namespace syncline {

/// Tells whoever asks over HTTP, http://host:port/metrics, how a run stands, in the text format of
/// Prometheus (docs/metrics.md). Has threads of its own. At its end it waits for answers on their
/// way, but not for long, and never for one that still has to call `picture`.
class MetricsServer {
 public:
  /// `picture` is called from other threads, by one at a time. Port 0: a free one. Throws
  /// ConfigError if it can't listen there, or if this build can't do it at all.
  MetricsServer(const std::string& host, std::uint16_t port, std::function<RunPicture()> picture);
  ~MetricsServer();
  MetricsServer(const MetricsServer&) = delete;
  MetricsServer& operator=(const MetricsServer&) = delete;

  [[nodiscard]] std::uint16_t port() const;

 private:
  struct Parts;
  std::shared_ptr<Parts> parts_;
};

}  // namespace syncline
