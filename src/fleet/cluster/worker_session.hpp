#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "fleet/cluster/protocol.hpp"
#include "fleet/cluster/workshop.hpp"
#include "transport/transport.hpp"

namespace syncline {

/// A worker's part in one run, while its connection lasts: makes its replica from the run's
/// configuration and has the jobs computed that the server sends. One thread calls take(), another
/// may call pass_on().
class WorkerSession {
 public:
  virtual ~WorkerSession() = default;

  /// What the server says, in order. Throws MalformedMessage.
  /// `landed`: what keeps the body, where the session has told the transport to put it.
  virtual void take(const Assignment& assignment, std::span<const std::byte> body,
                    std::shared_ptr<void> landed) = 0;
  virtual void take(const CancelJob& cancel) = 0;
  virtual void take(const StopJob& stop) = 0;
  /// Sends the server what comes of the jobs, one message if there is one until then. Throws what
  /// went wrong in a job.
  virtual void pass_on(std::chrono::steady_clock::time_point deadline) = 0;
  /// 1 + the job in hand, of which nothing has been sent yet; 0: none.
  [[nodiscard]] virtual std::uint64_t job_in_hand() = 0;
};

/// Loads model and data (may take long; throws ConfigError, DataError) and says that it is ready.
/// `data_folder` replaces the run's, if not empty. `transport` must outlive the session.
[[nodiscard]] std::unique_ptr<WorkerSession> make_worker_session(WorkerTransport& transport,
                                                                 Workshop& workshop,
                                                                 const Welcome& welcome,
                                                                 const std::string& data_folder);

}  // namespace syncline
