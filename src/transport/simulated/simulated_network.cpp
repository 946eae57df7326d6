#include "transport/simulated/simulated_network.hpp"

#include "transport/simulated/simulated_ends.hpp"

namespace syncline {
namespace {

using Kind = IncomingMessage::Kind;

}  // namespace

/// A pulse, by events.
class SimulatedNetwork::Beating final : public Pulse {
 public:
  explicit Beating(std::shared_ptr<std::function<void()>> act) : act_(std::move(act)) {}
  ~Beating() override { *act_ = nullptr; }

 private:
  std::shared_ptr<std::function<void()>> act_;
};

SimulatedNetwork::SimulatedNetwork(const Settings& settings)
    : settings_(settings),
      random_(settings.seed),
      processes_(1 + settings.workers + settings.shards) {}

std::unique_ptr<WorkerTransport> SimulatedNetwork::connect(Process process,
                                                           std::function<void()> came,
                                                           Process server) {
  return std::make_unique<Worker>(*this, process, server, std::move(came));
}

auto SimulatedNetwork::note(Step step, Process process, std::uint64_t what) -> Effect {
  ++steps_;
  const auto time = static_cast<std::uint64_t>(time_.now().time_since_epoch().count());
  for (const std::uint64_t value : {static_cast<std::uint64_t>(step), process + 0, what, time}) {
    digest_ = (digest_ ^ value) * 1099511628211U;
  }
  return on_step_(step, process);
}

void SimulatedNetwork::schedule(Process process, Seconds after, std::function<void()> act) {
  const std::uint64_t life = processes_[process].number;
  time_.at(time_.now() + ticks(after), [this, process, life, act = std::move(act)] {
    const Life& present = processes_[process];
    if (present.number != life) return;
    if (present.stopped_until > time_.now()) {
      return schedule(process, present.stopped_until - time_.now(), act);
    }
    act();
  });
}

std::unique_ptr<Pulse> SimulatedNetwork::make_pulse(Process process, Seconds every,
                                                    std::function<void()> act) {
  auto shared = std::make_shared<std::function<void()>>(std::move(act));
  beat(process, every, shared);
  return std::make_unique<Beating>(std::move(shared));
}

void SimulatedNetwork::beat(Process process, Seconds every,
                            const std::shared_ptr<std::function<void()>>& act) {
  schedule(process, every, [this, process, every, act] {
    if (!*act) return;
    static_cast<void>(note(Step::pulse, process, 0));
    // The step may have been its last one.
    const auto copy = *act;
    if (copy) copy();
    beat(process, every, act);
  });
}

auto SimulatedNetwork::open_connection(Worker& worker) -> std::shared_ptr<Connection> {
  const auto connection = std::make_shared<Connection>();
  connection->peer = next_peer_++;
  connection->process = worker.process();
  connection->server = worker.server();
  connection->life = processes_[worker.process()].number;
  connection->worker = &worker;
  connection->name =
      "w" + std::to_string(worker.process()) + "#" + std::to_string(connection->peer);
  connection->arrived = time_.now();
  connections_[connection->peer] = connection;
  push(connection, Way::up, {Kind::joined, {}});
  push(connection, Way::down, {Kind::joined, {}});
  return connection;
}

auto SimulatedNetwork::blocked_until(Process caller, Process server, Way way) const -> Time {
  const auto place = static_cast<std::size_t>(way);
  return std::max(processes_[caller].blocked_until[place], processes_[server].blocked_until[place]);
}

void SimulatedNetwork::send(const std::shared_ptr<Connection>& connection, Way way,
                            OutgoingMessage message) {
  Item item = {Kind::message, std::move(message.head)};
  item.bytes.insert(item.bytes.end(), message.body.begin(), message.body.end());
  const std::uint64_t kind =
      item.bytes.empty() ? 256 : std::to_integer<std::uint64_t>(item.bytes[0]);
  const Process sender = connection->sender(way);
  const Effect effect = note(Step::sent, sender, kind * 65536 + item.bytes.size());
  // The step may have been the sender's last one.
  Life& life = processes_[sender];
  if (way == Way::up && life.number != connection->life) return;
  if (life.dying && !life.silent) life.silent = uniform() < 0.5;
  if (life.silent) return;
  if (effect.duplicate) push(connection, way, item, effect.delay);
  push(connection, way, std::move(item), effect.delay);
}

void SimulatedNetwork::push(const std::shared_ptr<Connection>& connection, Way way, Item item,
                            Seconds more) {
  const Process sender = connection->sender(way);
  const Time start = std::max(time_.now(), processes_[sender].stopped_until);
  Channel& channel = connection->channel(way);
  channel.last = std::max(channel.last, start + ticks(exponential(settings_.delay) + more));
  channel.items.push_back(std::move(item));
  time_.at(channel.last, [this, connection, way] { arrive(connection, way); });
}

void SimulatedNetwork::arrive(const std::shared_ptr<Connection>& connection, Way way) {
  Channel& channel = connection->channel(way);
  if (channel.items.empty()) return;
  const Process receiver = connection->receiver(way);
  // It takes the place of whatever comes first by then, so the order is kept.
  const auto later = [&](Time when) {
    time_.at(when, [this, connection, way] { arrive(connection, way); });
  };
  const Time blocked = blocked_until(connection->process, connection->server, way);
  if (blocked > time_.now()) return later(blocked);
  if (stopped(receiver)) return later(processes_[receiver].stopped_until);
  const Effect effect =
      note(Step::delivered, receiver, static_cast<std::uint64_t>(channel.items.front().kind));
  if (channel.items.empty()) return;  // the step has ended the connection
  Item item = std::move(channel.items.front());
  channel.items.pop_front();
  if (effect.duplicate && item.kind == Kind::message) give(*connection, way, item);
  give(*connection, way, std::move(item));
}

void SimulatedNetwork::give(Connection& connection, Way way, Item item) {
  if (way == Way::down) {
    if (connection.worker != nullptr) connection.worker->take(std::move(item));
    return;
  }
  Life& server = processes_[connection.server];
  if (!connection.server_open || server.server == nullptr) return;
  const Time since = std::max(connection.arrived, stopped_until(connection.server));
  connection.gap = std::max<Seconds>(connection.gap, time_.now() - connection.arrived);
  connection.gap_awake = std::max<Seconds>(connection.gap_awake, time_.now() - since);
  connection.arrived = time_.now();
  IncomingMessage incoming;
  incoming.kind = item.kind;
  incoming.peer = connection.peer;
  incoming.time = time_.now();
  incoming.bytes = std::move(item.bytes);
  if (item.kind == Kind::left) connection.server_open = false;
  server.inbox.push_back(std::move(incoming));
  wake(connection.server);
}

void SimulatedNetwork::stop(Process process, Seconds time) {
  Life& life = processes_[process];
  life.stopped_until = std::max(life.stopped_until, time_.now() + ticks(time));
}

void SimulatedNetwork::slow(Process process, double factor, Seconds time) {
  Life& life = processes_[process];
  life.slowness = is_slow(process) ? std::max(life.slowness, factor) : factor;
  life.slow_until = std::max(life.slow_until, time_.now() + ticks(time));
}

auto SimulatedNetwork::takes(Process process, Seconds work) const -> Seconds {
  const Life& life = processes_[process];
  if (!is_slow(process)) return work;
  const Seconds slow = life.slow_until - time_.now();
  const Seconds done = slow / life.slowness;
  return work <= done ? life.slowness * work : slow + (work - done);
}

void SimulatedNetwork::block(Process process, Way way, Seconds time) {
  Time& until = processes_[process].blocked_until[static_cast<std::size_t>(way)];
  until = std::max(until, time_.now() + ticks(time));
  if (time < settings_.keepalive) return;
  for (const auto& [peer, connection] : connections_) {
    if (!connection->is_of(process) || connection->worker == nullptr) continue;
    time_.at(time_.now() + ticks(settings_.keepalive),
             [this, connection = connection] { break_off(connection); });
  }
}

void SimulatedNetwork::break_off(const std::shared_ptr<Connection>& connection) {
  // Both ends find out by themselves: what is blocked does not keep them.
  for (Channel& channel : connection->channels) channel.items.clear();
  if (connection->server_open) give(*connection, Way::up, {Kind::left, {}});
  connection->server_open = false;
  if (connection->worker != nullptr) connection->worker->take({Kind::left, {}});
}

void SimulatedNetwork::cut(Process process) {
  for (const auto& [peer, connection] : connections_) {
    if (!connection->is_of(process) || connection->worker == nullptr) continue;
    for (const Way way : {Way::up, Way::down}) {
      auto& items = connection->channel(way).items;
      // What has arrived is a part of what was sent, from the first on.
      items.resize(static_cast<std::size_t>(uniform() * static_cast<double>(items.size() + 1)));
      push(connection, way, {Kind::left, {}});
    }
  }
}

void SimulatedNetwork::end(Process worker, bool machine_gone) {
  hang_up(worker, machine_gone);
  ++processes_[worker].number;
  processes_[worker].stopped_until = processes_[worker].slow_until = {};
}

void SimulatedNetwork::hang_up(Process process, bool machine_gone) {
  for (const auto& [peer, connection] : connections_) {
    if (connection->process != process || connection->worker == nullptr) continue;
    connection->worker->forsake(machine_gone);
    if (!machine_gone) continue;
    connection->channel(Way::up).items.clear();
    // The server has to miss its workers by itself; a shard may leave that to the transport.
    if (connection->server == server_process) continue;
    time_.at(time_.now() + ticks(settings_.keepalive),
             [this, connection = connection] { break_off(connection); });
  }
}

auto SimulatedNetwork::last_arrival(Peer peer) const -> Time {
  return connections_.at(peer)->arrived;
}

auto SimulatedNetwork::longest_silence(Peer peer, bool awake) const -> Seconds {
  const Connection& connection = *connections_.at(peer);
  if (!awake) return std::max<Seconds>(connection.gap, time_.now() - connection.arrived);
  const Time since = std::max(connection.arrived, stopped_until(server_process));
  return std::max<Seconds>(connection.gap_awake, time_.now() - since);
}

void SimulatedNetwork::all_is_read() {
  for (const auto& [peer, connection] : connections_) {
    if (connection->server != server_process) continue;
    connection->gap = connection->gap_awake = Seconds(0);
  }
}

}  // namespace syncline
