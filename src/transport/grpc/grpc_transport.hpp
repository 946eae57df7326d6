#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "transport/tls_files.hpp"
#include "transport/transport.hpp"

// The transport over gRPC: one bidirectional stream for each worker (docs/cluster.md). gRPC itself
// is included in this folder only. A build without it has these functions too; they throw.
namespace syncline {

struct GrpcSettings {
  std::optional<TlsFiles> tls;  ///< mutual TLS; without it the connection is plain text
  bool insecure = false;        ///< allows plain text to others than this machine itself

  /// Largest message, either way. A larger one from the other end ends the connection before it is
  /// in memory; sending one throws TransportError.
  std::size_t largest_message = std::size_t{2} << 30U;
  /// The same at the server, of a connection that is not admitted yet.
  std::size_t largest_hello = std::size_t{64} << 10U;
  /// Most bytes that wait to be sent on one connection; one that has more is ended.
  std::size_t largest_outbox = std::size_t{4} << 30U;
  /// While so many bytes of one connection wait for receive(), no more are read from it.
  std::size_t largest_inbox = std::size_t{64} << 20U;
  std::size_t most_connections = 4096;  ///< at the server; who comes later is refused

  /// A connection that carries nothing is probed so often, and ends if no answer comes in time.
  std::chrono::milliseconds keepalive{2000};
  std::chrono::milliseconds keepalive_timeout{10000};
  /// The server's destructor: how long the last messages of closed connections may take.
  std::chrono::milliseconds farewell{2000};

  // A worker's pauses between attempts to connect double from the first to the longest, and begin
  // anew once a server has said more than one thing, which may be its refusal.
  std::chrono::milliseconds first_pause{100};
  std::chrono::milliseconds longest_pause{5000};
  /// A worker that has no connection for so long throws; nullopt: it tries for ever.
  std::optional<std::chrono::milliseconds> give_up;
};

struct GrpcServerEnd {
  std::unique_ptr<ServerTransport> transport;
  std::string address;  ///< that it listens on, with the port that was chosen
};

/// Listens at `address`, "host:port"; port 0: a free one. Throws ConfigError where that can't be,
/// or is plain text beyond this machine, and DataError where a PEM file can't be read.
[[nodiscard]] GrpcServerEnd grpc_listen(const std::string& address, const GrpcSettings& settings);

/// Begins to connect to the server at `address`; does not wait. Throws as grpc_listen().
[[nodiscard]] std::unique_ptr<WorkerTransport> grpc_connect(const std::string& address,
                                                            const GrpcSettings& settings);

}  // namespace syncline
