#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include "syncline/error.hpp"
#include "transport/grpc/connection.hpp"
#include "transport/grpc/credentials.hpp"
#include "transport/grpc/library.hpp"

namespace syncline {
namespace {

class GrpcServer final : public ServerTransport {
 public:
  GrpcServer(const std::string& address, const GrpcSettings& settings) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort(address, server_credentials(address, settings), &port_);
    builder.RegisterAsyncGenericService(&service_);
    auto queue = builder.AddCompletionQueue();
    builder.SetMaxReceiveMessageSize(2 * static_cast<int>(largest_fragment));
    // Otherwise two servers would share a port, and the workers with it.
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, 1);
    const auto keepalive = static_cast<int>(settings.keepalive.count());
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, keepalive);
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS,
                               static_cast<int>(settings.keepalive_timeout.count()));
    builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
    // The workers probe, too.
    builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                               keepalive / 2);
    server_ = builder.BuildAndStart();
    if (!server_ || port_ == 0) {
      throw ConfigError("can't listen at '" + address +
                        "': " + why_not_listening(address, settings.tls.has_value()));
    }
    hub_ = std::make_shared<Hub>(settings, std::move(queue));
    handshakes_ = std::make_unique<HandshakeWatch>([hub = std::weak_ptr(hub_)](Fault fault) {
      if (const auto there = hub.lock()) there->refuse(std::move(fault));
    });
    Connection::await(hub_, service_);
  }

  ~GrpcServer() override {
    handshakes_.reset();
    for (const auto& connection : hub_->close()) connection->abort();
    // Those that were closed may still deliver what was queued.
    server_->Shutdown(std::chrono::system_clock::now() + hub_->settings().farewell);
    hub_->finish();
  }
  GrpcServer(const GrpcServer&) = delete;
  GrpcServer& operator=(const GrpcServer&) = delete;

  void send(Peer peer, OutgoingMessage message) override {
    if (const auto connection = hub_->find(peer)) connection->send(std::move(message));
  }
  void admit(Peer peer) override {
    if (const auto connection = hub_->find(peer)) connection->admit();
  }
  void close(Peer peer) override {
    if (const auto connection = hub_->forget(peer)) connection->close();
  }
  std::optional<IncomingMessage> receive(Hub::Clock::time_point deadline) override {
    auto taken = hub_->take(deadline);
    if (!taken) return std::nullopt;
    if (taken->message.kind == Hub::Kind::message) taken->connection->delivered(taken->message);
    return std::move(taken->message);
  }
  void land_at(LandingFor landing_for) override { hub_->landings().set(std::move(landing_for)); }
  [[nodiscard]] std::string name(Peer peer) const override { return hub_->name(peer); }
  [[nodiscard]] int port() const { return port_; }

 private:
  int port_ = 0;
  grpc::AsyncGenericService service_;
  std::shared_ptr<Hub> hub_;
  std::unique_ptr<HandshakeWatch> handshakes_;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace

GrpcServerEnd grpc_listen(const std::string& address, const GrpcSettings& settings) {
  prepare_grpc();
  static_cast<void>(parse_address(address));
  auto server = std::make_unique<GrpcServer>(address, settings);
  const std::string host = address.substr(0, address.rfind(':'));
  const std::string chosen = host + ":" + std::to_string(server->port());
  return {std::move(server), chosen};
}

}  // namespace syncline
