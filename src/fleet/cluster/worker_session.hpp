#pragma once

#include <functional>
#include <memory>
#include <string>

#include "fleet/cluster/protocol.hpp"
#include "syncline/config.hpp"
#include "transport/transport.hpp"

namespace syncline {

/// A worker's part in one run: makes its replica from the run's configuration and does the jobs
/// that the server sends, until it is destroyed. One thread computes, one sends what comes of it
/// and heartbeats, so that a long gradient is a straggler and not a death.
class WorkerSession {
 public:
  virtual ~WorkerSession() = default;

  /// What the server says, in order. Throws MalformedMessage, and what went wrong in a job.
  virtual void take(const Assignment& assignment, std::span<const std::byte> body) = 0;
  virtual void take(const CancelJob& cancel) = 0;
  virtual void take(const StopJob& stop) = 0;
  /// Rethrows what went wrong at the threads.
  virtual void check() = 0;
};

/// Loads model and data (may take long; throws ConfigError, DataError) and says that it is ready.
/// `data_folder` replaces the run's, if not empty. `transport` must outlive the session.
[[nodiscard]] std::unique_ptr<WorkerSession> make_worker_session(WorkerTransport& transport,
                                                                 const Welcome& welcome,
                                                                 const std::string& data_folder);

/// Takes part in a run until it is over, through losses of the connection where the transport makes
/// it anew. Returns why it ended. Throws ConfigError if the server refuses the worker, and
/// TransportError if the connection will not come back. `news`: what happens, in words; `stop` is
/// asked now and then.
std::string work(WorkerTransport& transport, const std::string& token,
                 const std::string& data_folder,
                 const std::function<void(const std::string&)>& news,
                 const std::function<bool()>& stop);

}  // namespace syncline
