#pragma once

#include <memory>

#include "transport/transport.hpp"
#include "transport/transport_error.hpp"

namespace syncline {

class MpiLoop;

/// What a worker gets that has no connection when the server comes to its end.
class MpiJobOver : public TransportError {
 public:
  MpiJobOver() : TransportError("the server (rank 0) takes no more workers") {}
};

/// This process's place in an MPI job: rank 0 is the server, all others are workers. One per
/// process, made once: MPI can't be initialised again. What its transports need of MPI happens in a
/// thread of its own (mpi_loop.hpp).
class MpiJob {
 public:
  /// Enters the job. Throws ConfigError if this build has no MPI, TransportError if MPI can't be
  /// used.
  MpiJob();
  /// Without end(): as by a failure. The transports must be gone.
  ~MpiJob();
  MpiJob(const MpiJob&) = delete;
  MpiJob& operator=(const MpiJob&) = delete;

  [[nodiscard]] int rank() const;
  [[nodiscard]] int ranks() const;

  /// At rank 0. A connection is a rank that takes part; one that falls silent and is closed, but
  /// was only stopped, comes back as a new connection. receive() throws TransportError when all
  /// other ranks have left.
  [[nodiscard]] std::unique_ptr<ServerTransport> server();
  /// At the others. receive() throws MpiJobOver when the server is at its end, and TransportError
  /// when it has been silent for half a minute.
  [[nodiscard]] std::unique_ptr<WorkerTransport> worker();

  /// The last thing: leaves the job together with all other ranks, or without those that are dead
  /// or stopped. Then it may end the process, with `status` at the server and 0 at a worker.
  void end(int status);

 private:
  std::unique_ptr<MpiLoop> loop_;
};

}  // namespace syncline
