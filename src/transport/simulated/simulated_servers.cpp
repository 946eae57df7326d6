#include <exception>

#include "transport/simulated/simulated_ends.hpp"
#include "transport/simulated/simulated_network.hpp"

// Whose turn it is: the server makes time pass for all, and shards take turns while it does.
namespace syncline {

SimulatedNetwork::~SimulatedNetwork() {
  for (Process process = 0; process < processes_.size(); ++process) {
    Life& life = processes_[process];
    // One that has not begun dies at its second turn.
    while (life.thread && !life.thread->over()) {
      life.dying = true;
      resume(process, life.waits);
    }
  }
}

std::unique_ptr<ServerTransport> SimulatedNetwork::server(Process process) {
  processes_[process].dying = processes_[process].silent = false;
  // Connections to a server that vanished with its machine are refused by the next one.
  for (const auto& [peer, connection] : connections_) {
    if (connection->server != process) continue;
    if (connection->worker != nullptr && !connection->server_open) {
      push(connection, Way::down, {IncomingMessage::Kind::left, {}});
    }
  }
  return std::make_unique<Server>(*this, process);
}

void SimulatedNetwork::run(Process shard, std::function<void(ServerTransport&)> act) {
  Life& life = processes_[shard];
  life.thread = std::make_unique<SimulatedThread>([this, shard, act = std::move(act)] {
    try {
      const auto end = server(shard);
      act(*end);
    } catch (const ServerDies&) {
    }
  });
  life.waiting = true;
  ++life.waits;
  wake(shard);
}

void SimulatedNetwork::wake(Process shard) {
  const Life& life = processes_[shard];
  if (!life.waiting) return;
  time_.at(time_.now(), [this, shard, wait = life.waits] { resume(shard, wait); });
}

void SimulatedNetwork::resume(Process shard, std::uint64_t wait) {
  Life& life = processes_[shard];
  if (!life.waiting || life.waits != wait) return;
  life.waiting = false;
  const Process before = std::exchange(at_work_, shard);
  life.thread->resume();
  at_work_ = before;
}

bool SimulatedNetwork::step(Process server, Time until) {
  Life& life = processes_[server];
  if (!life.thread) {
    const Process before = std::exchange(at_work_, nobody);
    const bool early = time_.step(until);
    at_work_ = before;
    return early;
  }
  life.waiting = true;
  time_.at(until, [this, server, wait = ++life.waits] { resume(server, wait); });
  life.thread->pause();
  return time_.now() < until;
}

bool SimulatedNetwork::wait(Process server, Time until) {
  const bool early = step(server, until);
  die_if_told(server);
  while (stopped(server)) {
    step(server, stopped_until(server));
    die_if_told(server);
  }
  return early;
}

bool SimulatedNetwork::wait_for_others(Time until) {
  at_receive_(false);
  return wait(server_process, until);
}

bool SimulatedNetwork::is_at_work(Process server) const {
  return at_work_ == server && std::uncaught_exceptions() == 0;
}

void SimulatedNetwork::die_if_told(Process server) {
  if (processes_[server].dying) server_dies(processes_[server].machine_gone, server);
}

void SimulatedNetwork::kill_server(bool machine_gone, Process server) {
  Life& life = processes_[server];
  if ((spared_ && server == server_process) || life.server == nullptr) return;
  life.dying = true;
  life.machine_gone = machine_gone;
  wake(server);
}

void SimulatedNetwork::server_dies(bool machine_gone, Process server) {
  Life& life = processes_[server];
  life.dying = true;
  life.machine_gone = machine_gone;
  if (server == server_process) at_death_(machine_gone);
  hang_up(server, machine_gone);
  server_ends(server);
  throw ServerDies();
}

void SimulatedNetwork::server_ends(Process server) {
  Life& life = processes_[server];
  life.server = nullptr;
  ++life.number;
  life.stopped_until = life.slow_until = {};
  life.inbox.clear();
  for (const auto& [peer, connection] : connections_) {
    if (connection->server != server || !connection->server_open) continue;
    connection->server_open = false;
    connection->channel(Way::up).items.clear();
    if (!life.dying || !life.machine_gone) {
      push(connection, Way::down, {IncomingMessage::Kind::left, {}});
    }
  }
}

}  // namespace syncline
