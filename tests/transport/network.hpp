#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "transport/transport.hpp"

namespace syncline::testing {

/// A server's end, and how to get workers' ends that are connected to it.
struct Network {
  std::unique_ptr<ServerTransport> server;
  std::function<std::unique_ptr<WorkerTransport>()> connect;
};

/// A transport that the contract is tested on.
struct NetworkKind {
  std::string name;
  std::function<Network()> make;
};

/// All that this build has; a file for each adds its own before main().
[[nodiscard]] std::vector<NetworkKind>& network_kinds();

struct AddNetworkKind {
  explicit AddNetworkKind(NetworkKind kind) { network_kinds().push_back(std::move(kind)); }
};

}  // namespace syncline::testing
