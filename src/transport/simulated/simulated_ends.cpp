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

SimulatedNetwork::Server::Server(SimulatedNetwork& network) : network_(network) {
  network_.server_ = this;
}

SimulatedNetwork::Server::~Server() {
  if (network_.server_ == this) network_.server_ends();
}

void SimulatedNetwork::Server::die_if_told() {
  if (network_.dying_) network_.server_dies(network_.machine_gone_);
}

void SimulatedNetwork::Server::send(Peer peer, OutgoingMessage message) {
  if (network_.server_ != this) return;  // it is dead, and its destructors run
  const auto connection = network_.connections_.at(peer);
  if (!connection->server_open) return;
  network_.send(connection, Way::down, server_process, std::move(message));
  // Not out of a pulse, behind which somebody else is at work, nor out of a destructor.
  if (!network_.server_beats_ && std::uncaught_exceptions() == 0) die_if_told();
}

void SimulatedNetwork::Server::close(Peer peer) {
  if (network_.server_ != this) return;
  const auto connection = network_.connections_.at(peer);
  if (!connection->server_open) return;
  connection->server_open = false;
  connection->channel(Way::up).items.clear();
  network_.push(connection, Way::down, {IncomingMessage::Kind::left, {}});
}

std::optional<IncomingMessage> SimulatedNetwork::Server::receive(Time deadline) {
  die_if_told();
  if (network_.inbox_.empty()) network_.all_is_read();
  network_.at_receive_(network_.inbox_.empty());
  SimulatedTime& time = network_.time_;
  const auto pass = [&](Time until) {
    while (time.step(until)) die_if_told();
  };
  if (network_.settings_.busy > 0 && network_.uniform() < network_.settings_.busy) {
    pass(time.now() + ticks(network_.exponential(network_.settings_.busy_time)));
  }
  if (std::exchange(has_taken_, false) && network_.is_slow(server_process)) {
    const Seconds step = network_.exponential(network_.settings_.step);
    pass(time.now() + ticks(network_.takes(server_process, step)));
  }
  while (network_.stopped(server_process)) {
    pass(network_.processes_[server_process].stopped_until);
  }
  while (network_.inbox_.empty()) {
    if (!time.step(deadline)) return std::nullopt;
    die_if_told();
    while (network_.stopped(server_process)) {
      pass(network_.processes_[server_process].stopped_until);
    }
  }
  std::optional<IncomingMessage> message = std::move(network_.inbox_.front());
  network_.inbox_.pop_front();
  has_taken_ = true;
  return message;
}

SimulatedNetwork::Worker::Worker(SimulatedNetwork& network, Process process,
                                 std::function<void()> came)
    : network_(network),
      process_(process),
      life_(network.processes_[process].number),
      came_(std::move(came)) {
  attempt();
}

SimulatedNetwork::Worker::~Worker() { let_go(true); }

void SimulatedNetwork::Worker::try_later() {
  pause_ = std::clamp(2 * pause_, first_pause, longest_pause);
  network_.schedule(process_, (0.5 + network_.uniform()) * pause_, [this] { attempt(); });
}

void SimulatedNetwork::Worker::attempt() {
  if (network_.server_ == nullptr || network_.blocked(process_, Way::up) ||
      network_.blocked(process_, Way::down)) {
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
  network_.send(connection, Way::up, process_, std::move(message));
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
  network_.schedule(process_, Seconds(0), came_);
}

}  // namespace syncline
