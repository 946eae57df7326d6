#include <atomic>
#include <condition_variable>
#include <deque>
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <map>
#include <mutex>

#include "syncline/error.hpp"
#include "transport/grpc/credentials.hpp"
#include "transport/grpc/library.hpp"
#include "transport/grpc/stream.hpp"
#include "transport/watch.hpp"

namespace syncline {
namespace {

using Clock = std::chrono::steady_clock;
using Kind = IncomingMessage::Kind;

class Connection;

/// How often a long message on its way is news.
constexpr std::chrono::milliseconds news_of_progress{50};

/// What receive() and gRPC's threads share.
struct Hub {
  std::mutex mutex;
  std::condition_variable filled;
  std::deque<IncomingMessage> inbox;
  std::atomic<bool> has_mail{false};  ///< the inbox is not empty; may be read without the lock
  std::map<Peer, std::shared_ptr<Connection>> connections;  ///< neither closed nor seen to be gone
  std::map<Peer, std::string> names;                        ///< of these, and of the last to go
  std::vector<Peer> forgotten;                              ///< whose names go next
  Peer next = 1;
  bool closing = false;
  Landings landings;

  void put(Peer peer, Kind kind, std::vector<std::byte> bytes = {}, Landing landing = {}) {
    {
      const std::lock_guard lock(mutex);
      if (!connections.contains(peer)) return;
      inbox.push_back({kind, peer, Clock::now(), std::move(bytes), std::move(landing)});
      has_mail = true;
    }
    filled.notify_one();
  }
  /// Under the lock. The connection lives on until gRPC is done with it.
  std::shared_ptr<Connection> forget(Peer peer) {
    const auto found = connections.find(peer);
    if (found == connections.end()) return nullptr;
    auto connection = std::move(found->second);
    connections.erase(found);
    forgotten.push_back(peer);
    return connection;
  }
};

class Connection final : public Stream<grpc::ServerGenericBidiReactor> {
 public:
  Connection(std::shared_ptr<Hub> hub, Peer peer, grpc::GenericCallbackServerContext* context,
             const GrpcSettings& settings)
      : Stream(settings), hub_(std::move(hub)), peer_(peer), context_(context) {}

  void begin(std::shared_ptr<Connection> self) {
    const std::lock_guard lock(mutex_);
    self_ = std::move(self);
    StartSendInitialMetadata();  // tells the worker that it is connected
    read();
  }
  void OnCancel() override {
    const std::lock_guard lock(mutex_);
    end(false);
  }
  void OnDone() override { const auto self = std::move(self_); }

 private:
  Landing landing_for(std::size_t length) override { return hub_->landings.ask(peer_, length); }
  void arrived(std::vector<std::byte> bytes, Landing landing) override {
    hub_->put(peer_, Kind::message, std::move(bytes), std::move(landing));
  }
  void progressed() override {
    const auto now = Clock::now();
    if (now - last_news_ < news_of_progress) return;
    last_news_ = now;
    hub_->put(peer_, Kind::alive);
  }
  void over(bool at_once) override {
    hub_->put(peer_, Kind::left);
    if (at_once) context_->TryCancel();
    Finish(grpc::Status::OK);
  }

  std::shared_ptr<Hub> hub_;
  Peer peer_;
  grpc::GenericCallbackServerContext* context_;  ///< valid until Finish()
  std::shared_ptr<Connection> self_;             ///< until gRPC is done with it
  Clock::time_point last_news_;
};

/// Answers a call that is not to become a connection.
class Refused final : public grpc::ServerGenericBidiReactor {
 public:
  explicit Refused(const grpc::Status& status) { Finish(status); }
  void OnDone() override { delete this; }
};

/// "ipv4:127.0.0.1:41234" -> "127.0.0.1:41234"; "ipv6:%5B::1%5D:41234" -> "[::1]:41234"
std::string name_of(const std::string& peer) {
  std::string name = peer.substr(peer.find(':') + 1);
  for (const auto& [code, sign] : {std::pair("%5B", "["), std::pair("%5D", "]")}) {
    if (const auto at = name.find(code); at != std::string::npos) name.replace(at, 3, sign);
  }
  return name;
}

class Service final : public grpc::CallbackGenericService {
 public:
  Service(std::shared_ptr<Hub> hub, GrpcSettings settings)
      : hub_(std::move(hub)), settings_(std::move(settings)) {}

  grpc::ServerGenericBidiReactor* CreateReactor(
      grpc::GenericCallbackServerContext* context) override {
    if (context->method() != connect_method) {
      return new Refused({grpc::StatusCode::UNIMPLEMENTED, "a Syncline server has no such method"});
    }
    std::shared_ptr<Connection> connection;
    {
      const std::lock_guard lock(hub_->mutex);
      if (hub_->closing || hub_->connections.size() >= settings_.most_connections) {
        return new Refused({grpc::StatusCode::RESOURCE_EXHAUSTED, "too many connections"});
      }
      const Peer peer = hub_->next++;
      connection = std::make_shared<Connection>(hub_, peer, context, settings_);
      hub_->connections[peer] = connection;
      hub_->names[peer] = name_of(context->peer());
      hub_->inbox.push_back({Kind::joined, peer, Clock::now(), {}});
      hub_->has_mail = true;
    }
    hub_->filled.notify_one();
    connection->begin(connection);
    return connection.get();
  }

 private:
  std::shared_ptr<Hub> hub_;
  GrpcSettings settings_;
};

class GrpcServer final : public ServerTransport {
 public:
  GrpcServer(const std::string& address, const GrpcSettings& settings)
      : settings_(settings), service_(hub_, settings) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort(address, server_credentials(address, settings), &port_);
    builder.RegisterCallbackGenericService(&service_);
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
                        "': the port is taken, the address is not of this machine, or a "
                        "certificate or key is no good");
    }
  }

  ~GrpcServer() override {
    std::map<Peer, std::shared_ptr<Connection>> open;
    {
      const std::lock_guard lock(hub_->mutex);
      hub_->closing = true;
      open.swap(hub_->connections);
    }
    for (const auto& [peer, connection] : open) connection->abort();
    // Those that were closed may still deliver what was queued.
    server_->Shutdown(std::chrono::system_clock::now() + settings_.farewell);
  }
  GrpcServer(const GrpcServer&) = delete;
  GrpcServer& operator=(const GrpcServer&) = delete;

  void send(Peer peer, OutgoingMessage message) override {
    if (const auto connection = find(peer)) connection->send(std::move(message));
  }
  void close(Peer peer) override {
    std::shared_ptr<Connection> connection;
    {
      const std::lock_guard lock(hub_->mutex);
      connection = hub_->forget(peer);
    }
    if (connection) connection->close();
  }
  std::optional<IncomingMessage> receive(Clock::time_point deadline) override {
    if (deadline > Clock::now()) watch_.look([&] { return hub_->has_mail.load(); });
    std::unique_lock lock(hub_->mutex);
    for (const Peer peer : hub_->forgotten) hub_->names.erase(peer);
    hub_->forgotten.clear();
    for (;;) {
      hub_->filled.wait_until(lock, deadline, [&] { return !hub_->inbox.empty(); });
      if (hub_->inbox.empty()) return std::nullopt;
      std::optional<IncomingMessage> message = std::move(hub_->inbox.front());
      hub_->inbox.pop_front();
      hub_->has_mail = !hub_->inbox.empty();
      watch_.came();
      const auto found = hub_->connections.find(message->peer);
      if (found == hub_->connections.end()) continue;  // of one that was closed
      const auto connection = found->second;
      if (message->kind == Kind::left) hub_->forget(message->peer);
      lock.unlock();
      if (message->kind == Kind::message) connection->delivered(*message);
      return message;
    }
  }
  void land_at(LandingFor landing_for) override { hub_->landings.set(std::move(landing_for)); }
  [[nodiscard]] std::string name(Peer peer) const override {
    const std::lock_guard lock(hub_->mutex);
    const auto found = hub_->names.find(peer);
    return found == hub_->names.end() ? "connection " + std::to_string(peer) : found->second;
  }
  [[nodiscard]] int port() const { return port_; }

 private:
  std::shared_ptr<Connection> find(Peer peer) const {
    const std::lock_guard lock(hub_->mutex);
    const auto found = hub_->connections.find(peer);
    return found == hub_->connections.end() ? nullptr : found->second;
  }

  const GrpcSettings settings_;
  std::shared_ptr<Hub> hub_ = std::make_shared<Hub>();
  int port_ = 0;
  Watch watch_;
  Service service_;
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
