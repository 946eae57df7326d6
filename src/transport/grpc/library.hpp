#pragma once

#include <functional>

#include "transport/transport.hpp"

namespace syncline {

/// Once in each process, before anything else of gRPC: its own messages, meant for its developers,
/// are dropped unless GRPC_VERBOSITY is set.
void prepare_grpc();

/// Hears of the TLS handshakes that fail at servers of this process. gRPC tells nobody but its log
/// of them, and not to whom they belong: so all servers of the process hear of each.
class HandshakeWatch {
 public:
  /// `failed` is called by threads of gRPC, and must not call it.
  explicit HandshakeWatch(std::function<void(Fault)> failed);
  ~HandshakeWatch();
  HandshakeWatch(const HandshakeWatch&) = delete;
  HandshakeWatch& operator=(const HandshakeWatch&) = delete;

 private:
  std::function<void(Fault)> failed_;
};

}  // namespace syncline
