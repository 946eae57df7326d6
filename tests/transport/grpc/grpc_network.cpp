#include "transport/grpc/grpc_transport.hpp"
#include "transport/network.hpp"

namespace syncline::testing {
namespace {

NetworkKind over_grpc(const std::string& name, const GrpcSettings& settings) {
  return {name, [settings] {
            auto end = grpc_listen("127.0.0.1:0", settings);
            return Network{std::move(end.transport), [address = end.address, settings] {
                             return grpc_connect(address, settings);
                           }};
          }};
}

GrpcSettings one_at_a_time() {
  GrpcSettings settings;
  settings.largest_inbox = 0;
  return settings;
}

const AddNetworkKind plain(over_grpc("grpc", {}));
// Reading stops and goes on after every message.
const AddNetworkKind slow(over_grpc("grpc, one message at a time", one_at_a_time()));

}  // namespace
}  // namespace syncline::testing
