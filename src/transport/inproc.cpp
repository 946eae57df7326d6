#include "transport/inproc.hpp"

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>

#include "transport/transport_error.hpp"

namespace syncline {
namespace {

using Clock = std::chrono::steady_clock;

/// One direction: filled by one side, emptied by the other.
class Inbox {
 public:
  void put(IncomingMessage message) {
    {
      const std::lock_guard lock(mutex_);
      message.time = Clock::now();
      messages_.push_back(std::move(message));
    }
    filled_.notify_one();
  }
  std::optional<IncomingMessage> take(Clock::time_point deadline) {
    std::unique_lock lock(mutex_);
    filled_.wait_until(lock, deadline, [&] { return !messages_.empty(); });
    if (messages_.empty()) return std::nullopt;
    std::optional<IncomingMessage> message = std::move(messages_.front());
    messages_.pop_front();
    return message;
  }

 private:
  std::mutex mutex_;
  std::condition_variable filled_;
  std::deque<IncomingMessage> messages_;
};

IncomingMessage arrived(Peer peer, OutgoingMessage&& message) {
  IncomingMessage incoming;
  incoming.peer = peer;
  incoming.bytes = std::move(message.head);
  incoming.bytes.insert(incoming.bytes.end(), message.body.begin(), message.body.end());
  return incoming;
}

IncomingMessage news(IncomingMessage::Kind kind, Peer peer) {
  IncomingMessage incoming;
  incoming.kind = kind;
  incoming.peer = peer;
  return incoming;
}

}  // namespace

struct InprocNetwork::Shared {
  struct Connection {
    std::string name;
    bool open = true;
    std::shared_ptr<Inbox> to_worker = std::make_shared<Inbox>();
  };
  std::mutex mutex;
  Inbox to_server;
  std::map<Peer, Connection> connections;
  Peer next = 1;

  bool closed = false;  ///< the server is gone

  void close() {
    std::vector<Peer> peers;
    {
      const std::lock_guard lock(mutex);
      closed = true;
      for (const auto& [peer, connection] : connections) peers.push_back(peer);
    }
    for (const Peer peer : peers) disconnect(peer);
  }
  void disconnect(Peer peer) {
    const std::lock_guard lock(mutex);
    Connection& connection = connections.at(peer);
    if (!connection.open) return;
    connection.open = false;
    connection.to_worker->put(news(IncomingMessage::Kind::left, peer));
    to_server.put(news(IncomingMessage::Kind::left, peer));
  }
};

class InprocNetwork::Server final : public ServerTransport {
 public:
  explicit Server(std::shared_ptr<Shared> shared) : shared_(std::move(shared)) {}
  ~Server() override { shared_->close(); }

  void send(Peer peer, OutgoingMessage message) override {
    const std::lock_guard lock(shared_->mutex);
    auto& connection = shared_->connections.at(peer);
    if (connection.open) connection.to_worker->put(arrived(peer, std::move(message)));
  }
  void close(Peer peer) override { shared_->disconnect(peer); }
  std::optional<IncomingMessage> receive(Clock::time_point deadline) override {
    return shared_->to_server.take(deadline);
  }
  [[nodiscard]] std::string name(Peer peer) const override {
    const std::lock_guard lock(shared_->mutex);
    return shared_->connections.at(peer).name;
  }

 private:
  std::shared_ptr<Shared> shared_;
};

class InprocNetwork::Worker final : public WorkerTransport {
 public:
  Worker(std::shared_ptr<Shared> shared, Peer peer, std::shared_ptr<Inbox> inbox)
      : shared_(std::move(shared)), peer_(peer), inbox_(std::move(inbox)) {}
  ~Worker() override { shared_->disconnect(peer_); }

  void send(OutgoingMessage message) override {
    const std::lock_guard lock(shared_->mutex);
    if (!shared_->connections.at(peer_).open) return;
    shared_->to_server.put(arrived(peer_, std::move(message)));
  }
  std::optional<IncomingMessage> receive(Clock::time_point deadline) override {
    auto message = inbox_->take(deadline);
    if (message && message->kind == IncomingMessage::Kind::left) {
      throw TransportError("the server has ended the connection");
    }
    return message;
  }
  void reconnect() override { shared_->disconnect(peer_); }

 private:
  std::shared_ptr<Shared> shared_;
  Peer peer_;
  std::shared_ptr<Inbox> inbox_;
};

InprocNetwork::InprocNetwork() : shared_(std::make_shared<Shared>()) {}

std::unique_ptr<ServerTransport> InprocNetwork::server() {
  return std::make_unique<Server>(shared_);
}

std::unique_ptr<WorkerTransport> InprocNetwork::connect(const std::string& name) {
  const std::lock_guard lock(shared_->mutex);
  if (shared_->closed) throw TransportError("the server is gone");
  const Peer peer = shared_->next++;
  auto& connection = shared_->connections[peer];
  connection.name = name;
  connection.to_worker->put(news(IncomingMessage::Kind::joined, peer));
  shared_->to_server.put(news(IncomingMessage::Kind::joined, peer));
  return std::make_unique<Worker>(shared_, peer, connection.to_worker);
}

}  // namespace syncline
