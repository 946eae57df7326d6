#pragma once

#include <memory>

#include "transport/transport.hpp"

namespace syncline {

/// Connections within one process: for tests, and as the plainest example of the interface.
class InprocNetwork {
 public:
  InprocNetwork();

  /// The server's end; one at a time.
  [[nodiscard]] std::unique_ptr<ServerTransport> server();
  /// A new connection. Its destruction ends it, as does disconnect() or the server's close().
  [[nodiscard]] std::unique_ptr<WorkerTransport> connect(const std::string& name);

 private:
  struct Shared;
  class Server;
  class Worker;
  std::shared_ptr<Shared> shared_;
};

}  // namespace syncline
