#pragma once

#include <memory>
#include <string>
#include <vector>

#include "transport/transport.hpp"
#include "transport/transport_error.hpp"

namespace syncline {

class MpiLoop;

/// What a worker gets that has no connection when the server comes to its end.
class MpiJobOver : public TransportError {
 public:
  MpiJobOver() : TransportError("the server (rank 0) takes no more workers") {}
};

/// This process's place in an MPI job: rank 0 is the server, ranks 1 to `shards` hold slices of its
/// parameters, all others are workers. One per process, made once: MPI can't be initialised again.
/// What its transports need of MPI happens in a thread of its own (mpi_loop.hpp).
class MpiJob {
 public:
  /// Enters the job. Throws ConfigError if this build has no MPI, TransportError if MPI can't be
  /// used.
  explicit MpiJob(int shards = 0);
  /// Without end(): as by a failure. The transports must be gone.
  ~MpiJob();
  MpiJob(const MpiJob&) = delete;
  MpiJob& operator=(const MpiJob&) = delete;

  [[nodiscard]] int rank() const;
  [[nodiscard]] int ranks() const;

  [[nodiscard]] bool is_shard() const;

  /// At rank 0 and at shards. A connection is a rank that takes part; one that falls silent and is
  /// closed, but was only stopped, comes back as a new connection. At rank 0 receive() throws
  /// TransportError when all workers have left.
  [[nodiscard]] std::unique_ptr<ServerTransport> server();
  /// To rank 0, at the others. receive() throws MpiJobOver when the server is at its end, and
  /// TransportError when it has been silent for half a minute.
  [[nodiscard]] std::unique_ptr<WorkerTransport> worker();
  /// The same to a shard, at rank 0 and at workers; `address`: one of shards(). Throws
  /// TransportError if there is no such shard.
  [[nodiscard]] std::unique_ptr<WorkerTransport> to_shard(const std::string& address);
  /// Names of all shards: "rank 1", "rank 2".
  [[nodiscard]] std::vector<std::string> shards() const;
  /// At a shard: whether rank 0 is at its end, or has been silent for half a minute.
  [[nodiscard]] bool is_over() const;

  /// The last thing: leaves the job together with all other ranks, or without those that are dead
  /// or stopped. Then it may end the process, with `status` at the server and 0 at a worker.
  void end(int status);

 private:
  std::unique_ptr<MpiLoop> loop_;
};

}  // namespace syncline
