#include "transport/simulated/simulated_ends.hpp"

#include <algorithm>
#include <exception>

namespace syncline {
namespace {

using Seconds = SimulatedNetwork::Seconds;

// Pauses between attempts to connect, as a worker over gRPC makes them.
constexpr Seconds first_pause{0.1};
constexpr Seconds longest_pause{5};

}  // namespace

SimulatedNetwork::Server::Server(SimulatedNetwork& network, Process process)
    : network_(network), process_(process) {
  life().server = this;
}

SimulatedNetwork::Server::~Server() {
  if (life().server == this) network_.server_ends(process_);
}

void SimulatedNetwork::Server::send(Peer peer, OutgoingMessage message) {
  if (life().server != this) return;  // it is dead, and its destructors run
  const auto connection = network_.connections_.at(peer);
  if (!connection->server_open) return;
  network_.send(connection, Way::down, std::move(message));
  if (network_.is_at_work(process_)) network_.die_if_told(process_);
}

void SimulatedNetwork::Server::close(Peer peer) {
  if (life().server != this) return;
  const auto connection = network_.connections_.at(peer);
  if (!connection->server_open) return;
  connection->server_open = false;
  connection->channel(Way::up).items.clear();
  network_.push(connection, Way::down, {IncomingMessage::Kind::left, {}});
}

std::optional<IncomingMessage> SimulatedNetwork::Server::receive(Time deadline) {
  network_.die_if_told(process_);
  auto& inbox = life().inbox;
  if (process_ == server_process) {
    if (inbox.empty()) network_.all_is_read();
    network_.at_receive_(inbox.empty());
  }
  const auto pass = [&](Seconds work) {
    const Time until = network_.time_.now() + ticks(work);
    while (network_.wait(process_, until)) {
    }
  };
  if (network_.settings_.busy > 0 && network_.uniform() < network_.settings_.busy) {
    pass(network_.exponential(network_.settings_.busy_time));
  }
  if (std::exchange(has_taken_, false) && network_.is_slow(process_)) {
    pass(network_.takes(process_, network_.exponential(network_.settings_.step)));
  }
  while (network_.stopped(process_)) network_.wait(process_, network_.stopped_until(process_));
  while (inbox.empty()) {
    if (!network_.wait(process_, deadline)) return std::nullopt;
  }
  std::optional<IncomingMessage> message = std::move(inbox.front());
  inbox.pop_front();
  has_taken_ = true;
  return message;
}

SimulatedNetwork::Worker::Worker(SimulatedNetwork& network, Process process, Process server,
                                 std::function<void()> came)
    : network_(network),
      process_(process),
      server_(server),
      life_(network.processes_[process].number),
      came_(std::move(came)) {
  attempt();
}

SimulatedNetwork::Worker::~Worker() {
  *exists_ = false;
  let_go(true);
}

void SimulatedNetwork::Worker::later(Seconds time, const std::function<void()>& act) {
  network_.schedule(process_, time, [exists = exists_, act] {
    if (*exists) act();
  });
}

void SimulatedNetwork::Worker::try_later() {
  pause_ = std::clamp(2 * pause_, first_pause, longest_pause);
  later((0.5 + network_.uniform()) * pause_, [this] { attempt(); });
}

void SimulatedNetwork::Worker::attempt() {
  const auto blocked = [&](Way way) {
    return network_.blocked_until(process_, server_, way) > network_.time_.now();
  };
  if (network_.processes_[server_].server == nullptr || blocked(Way::up) || blocked(Way::down)) {
    return try_later();
  }
  connection_ = network_.open_connection(*this);
  pause_ = Seconds(0);
}

void SimulatedNetwork::Worker::let_go(bool tell) {
  if (!connection_) return;
  const auto connection = std::exchange(connection_, nullptr);
  connection->worker = nullptr;
  connection->channel(Way::down).items.clear();
  if (tell && connection->server_open) {
    network_.push(connection, Way::up, {IncomingMessage::Kind::left, {}});
  }
}

void SimulatedNetwork::Worker::forsake(bool machine_gone) { let_go(!machine_gone); }

void SimulatedNetwork::Worker::send(OutgoingMessage message) {
  if (!connection_ || network_.processes_[process_].number != life_) return;
  // The step may be the last one of the connection.
  const auto connection = connection_;
  network_.send(connection, Way::up, std::move(message));
  if (network_.is_at_work(process_)) network_.die_if_told(process_);
}

std::optional<IncomingMessage> SimulatedNetwork::Worker::receive(Time) {
  if (inbox_.empty()) return std::nullopt;
  std::optional<IncomingMessage> message = std::move(inbox_.front());
  inbox_.pop_front();
  return message;
}

void SimulatedNetwork::Worker::reconnect() {
  if (!connection_) return;
  take({IncomingMessage::Kind::left, {}});
}

void SimulatedNetwork::Worker::take(Item item) {
  IncomingMessage incoming;
  incoming.kind = item.kind;
  incoming.time = network_.time_.now();
  incoming.bytes = std::move(item.bytes);
  inbox_.push_back(std::move(incoming));
  if (item.kind == IncomingMessage::Kind::left) {
    let_go(true);
    try_later();
  }
  later(Seconds(0), came_);
}

}  // namespace syncline
