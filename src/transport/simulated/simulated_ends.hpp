#pragma once

#include <string>
#include <utility>

#include "transport/simulated/simulated_network.hpp"

// The parts of a simulated network that only it knows.
namespace syncline {

struct SimulatedNetwork::Connection {
  Peer peer = 0;
  Process process = 0;       ///< that has opened it
  Process server = 0;        ///< that it leads to
  std::uint64_t life = 0;    ///< of the process that has opened it
  Worker* worker = nullptr;  ///< its end; null: it has let go of the connection
  bool server_open = true;   ///< as the server sees it
  std::string name;
  Time arrived{};        ///< when the server got something last
  Seconds gap{0};        ///< longest one between arrivals of which one is still unread
  Seconds gap_awake{0};  ///< that of which the server was not stopped
  std::array<Channel, 2> channels;

  Channel& channel(Way way) { return channels[static_cast<std::size_t>(way)]; }
  [[nodiscard]] Process sender(Way way) const { return way == Way::up ? process : server; }
  [[nodiscard]] Process receiver(Way way) const { return way == Way::up ? server : process; }
  [[nodiscard]] bool is_of(Process either) const { return process == either || server == either; }
};

class SimulatedNetwork::Server final : public ServerTransport {
 public:
  Server(SimulatedNetwork& network, Process process);
  ~Server() override;

  [[nodiscard]] Time now() const override { return network_.time_.now(); }
  [[nodiscard]] std::unique_ptr<Pulse> pulse(std::chrono::duration<double> every,
                                             std::function<void()> act) override {
    return network_.make_pulse(process_, every, std::move(act));
  }
  void send(Peer peer, OutgoingMessage message) override;
  void close(Peer peer) override;
  std::optional<IncomingMessage> receive(Time deadline) override;
  [[nodiscard]] std::string name(Peer peer) const override {
    return network_.connections_.at(peer)->name;
  }

 private:
  [[nodiscard]] Life& life() const { return network_.processes_[process_]; }

  SimulatedNetwork& network_;
  Process process_;
  bool has_taken_ = false;  ///< a message, which it has been at since
};

class SimulatedNetwork::Worker final : public WorkerTransport {
 public:
  Worker(SimulatedNetwork& network, Process process, Process server, std::function<void()> came);
  ~Worker() override;

  [[nodiscard]] Time now() const override { return network_.time_.now(); }
  [[nodiscard]] std::unique_ptr<Pulse> pulse(std::chrono::duration<double> every,
                                             std::function<void()> act) override {
    return network_.make_pulse(process_, every, std::move(act));
  }
  void send(OutgoingMessage message) override;
  std::optional<IncomingMessage> receive(Time deadline) override;
  void reconnect() override;

  [[nodiscard]] Process process() const { return process_; }
  [[nodiscard]] Process server() const { return server_; }
  /// Something has come by its connection.
  void take(Item item);
  /// Its process has ended.
  void forsake(bool machine_gone);

 private:
  /// Does something, unless this is destroyed by then.
  void later(Seconds time, const std::function<void()>& act);
  void try_later();
  void attempt();
  /// Ends the connection on this side; the other is told, if it can be.
  void let_go(bool tell);

  SimulatedNetwork& network_;
  Process process_, server_;
  std::uint64_t life_;
  std::function<void()> came_;
  std::shared_ptr<Connection> connection_;
  std::deque<IncomingMessage> inbox_;
  Seconds pause_{0};
  std::shared_ptr<bool> exists_ = std::make_shared<bool>(true);
};

}  // namespace syncline
