// Stands in for this room in a build without gRPC.

#include "syncline/error.hpp"
#include "transport/grpc/grpc_transport.hpp"

namespace syncline {
namespace {

[[noreturn]] void refuse() {
  throw ConfigError(
      "this build of Syncline lacks gRPC: install Debian's package libgrpc++-dev and build again");
}

}  // namespace

GrpcServerEnd grpc_listen(const std::string&, const GrpcSettings&) { refuse(); }

std::unique_ptr<WorkerTransport> grpc_connect(const std::string&, const GrpcSettings&) { refuse(); }

}  // namespace syncline
