#pragma once

#include <array>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "transport/simulated/simulated_time.hpp"
#include "transport/transport.hpp"

namespace syncline {

/// Processes and connections in simulated time, in one thread: a server, whose receive() makes time
/// pass for all, and workers, who are called when something has come. All delays come from a seed,
/// so a run can be repeated to the last message. Processes can be stopped, slowed down and killed,
/// connections cut, either direction of a worker's link blocked.
///
/// Messages of one connection keep their order; those of different ones overtake each other.
class SimulatedNetwork {
 public:
  using Time = SimulatedTime::Time;
  using Seconds = std::chrono::duration<double>;
  using Process = std::size_t;
  static constexpr Process server_process = 0;  ///< the workers' are 1, 2, ...

  /// What happens, one thing after the other, before it does.
  enum class Step : std::uint8_t { sent, delivered, pulse, other };
  /// What is to be done to the message of a step.
  struct Effect {
    Seconds delay{0};
    bool duplicate = false;
  };
  enum class Way : std::uint8_t { up, down };  ///< to the server, to the worker

  struct Settings {
    std::uint64_t seed = 1;
    std::size_t workers = 1;
    Seconds delay{0.0005};   ///< mean time that a message takes; exponential
    Seconds keepalive{12};   ///< a connection that is blocked for so long is gone
    double busy = 0;         ///< share of the server's calls before which it is busy for a while
    Seconds busy_time{0.1};  ///< for how long, on average
    /// Mean time that a server which is slow would take for a step else. Others take none.
    Seconds step{0.0005};
  };

  explicit SimulatedNetwork(const Settings& settings);
  ~SimulatedNetwork();
  SimulatedNetwork(const SimulatedNetwork&) = delete;
  SimulatedNetwork& operator=(const SimulatedNetwork&) = delete;

  [[nodiscard]] SimulatedTime& time() { return time_; }
  [[nodiscard]] std::mt19937_64& random() { return random_; }
  [[nodiscard]] double uniform() { return std::uniform_real_distribution<double>(0, 1)(random_); }
  [[nodiscard]] Seconds exponential(Seconds mean) {
    return Seconds(std::exponential_distribution<double>(1)(random_) * mean.count());
  }

  /// The server's end; one at a time. receive() and send() throw ServerDies where kill_server() was
  /// called.
  struct ServerDies {};
  [[nodiscard]] std::unique_ptr<ServerTransport> server();
  /// A worker's end, which connects by itself. `came`: called when receive() has something.
  [[nodiscard]] std::unique_ptr<WorkerTransport> connect(Process process,
                                                         std::function<void()> came);

  /// Asked at every step.
  void on_step(std::function<Effect(Step, Process)> callback) { on_step_ = std::move(callback); }
  /// Of a process; the next one in its place has another.
  [[nodiscard]] std::uint64_t life(Process process) const { return processes_[process].number; }
  /// A step of a process, of a kind that the network does not know.
  void step(Process process) { static_cast<void>(on_step_(Step::other, process)); }

  /// Has the process do something, unless it has ended by then; while it is stopped, later.
  void schedule(Process process, Seconds after, std::function<void()> act);
  /// SIGSTOP, and SIGCONT after a while.
  void stop(Process process, Seconds time);
  /// For a while it is so many times slower: the server at each step, a worker at whatever asks
  /// takes(). Connections and pulses have threads of their own, and are as fast as ever.
  void slow(Process process, double factor, Seconds time);
  /// How long a process takes from now on for what takes so long when it is not slow.
  [[nodiscard]] Seconds takes(Process process, Seconds work) const;
  [[nodiscard]] bool is_slow(Process process) const {
    return processes_[process].slow_until > time_.now();
  }
  /// Nothing gets through in that direction; it arrives when that is over.
  void block(Process worker, Way way, Seconds time);
  /// The worker's connection breaks; of what is under way, some still arrives.
  void cut(Process worker);
  /// The worker's process ends now. Its connection does so, too, unless the machine is gone.
  void end(Process worker, bool machine_gone);
  /// The server's process ends at its next call. `machine_gone`: its workers are not told.
  void kill_server(bool machine_gone);
  /// It ends here and now, in the midst of what it does: throws ServerDies.
  [[noreturn]] void server_dies(bool machine_gone);
  /// Called at the moment of its death.
  void at_death(std::function<void(bool machine_gone)> callback) {
    at_death_ = std::move(callback);
  }
  /// From here on kill_server() does nothing.
  void spare_server() { spared_ = true; }

  [[nodiscard]] bool stopped(Process process) const { return stopped_until(process) > time_.now(); }
  /// In the past, if it runs.
  [[nodiscard]] Time stopped_until(Process process) const {
    return processes_[process].stopped_until;
  }
  /// When something got to the server from it last. The name of a connection ends in its number,
  /// "w3#17".
  [[nodiscard]] Time last_arrival(Peer peer) const;
  /// The longest time without a word from it that the server may be looking at now; `awake`:
  /// the time does not count in which the server was stopped.
  [[nodiscard]] Seconds longest_silence(Peer peer, bool awake) const;
  /// Called at each beginning of the server's receive(): whether nothing is there yet.
  void at_receive(std::function<void(bool idle)> callback) { at_receive_ = std::move(callback); }
  /// Of all steps so far: two runs of a seed have the same.
  [[nodiscard]] std::uint64_t digest() const { return digest_; }
  [[nodiscard]] std::uint64_t steps() const { return steps_; }

 private:
  class Server;
  class Worker;
  class Beating;
  struct Connection;

  struct Life {
    std::uint64_t number = 0;  ///< rises when the process ends
    Time stopped_until{};
    Time slow_until{};
    double slowness = 1;
    std::array<Time, 2> blocked_until{};
  };
  struct Item {
    IncomingMessage::Kind kind;
    std::vector<std::byte> bytes;
  };
  struct Channel {
    std::deque<Item> items;
    Time last{};  ///< when the last of them is due
  };

  Effect note(Step step, Process process, std::uint64_t what);
  std::unique_ptr<Pulse> make_pulse(Process process, Seconds every, std::function<void()> act);
  void beat(Process process, Seconds every, const std::shared_ptr<std::function<void()>>& act);
  void push(const std::shared_ptr<Connection>& connection, Way way, Item item,
            Seconds more = Seconds(0));
  void arrive(const std::shared_ptr<Connection>& connection, Way way);
  void give(Connection& connection, Way way, Item item);
  void send(const std::shared_ptr<Connection>& connection, Way way, Process sender,
            OutgoingMessage message);
  void break_off(const std::shared_ptr<Connection>& connection);
  [[nodiscard]] std::shared_ptr<Connection> open_connection(Worker& worker);
  [[nodiscard]] bool blocked(Process worker, Way way) const;
  void server_ends();
  void all_is_read();
  static SimulatedTime::Time::duration ticks(Seconds time) {
    return std::chrono::duration_cast<Time::duration>(time);
  }

  Settings settings_;
  SimulatedTime time_;
  std::mt19937_64 random_;
  std::vector<Life> processes_;
  std::map<Peer, std::shared_ptr<Connection>> connections_;
  Peer next_peer_ = 1;
  std::deque<IncomingMessage> inbox_;  ///< of the server
  Server* server_ = nullptr;           ///< that listens
  bool dying_ = false;                 ///< the server, at its next call
  bool machine_gone_ = false;
  bool spared_ = false;
  bool server_beats_ = false;  ///< a pulse of the server is at work
  std::function<void(bool)> at_receive_ = [](bool) {};
  std::function<void(bool)> at_death_ = [](bool) {};
  std::function<Effect(Step, Process)> on_step_ = [](Step, Process) { return Effect(); };
  std::uint64_t digest_ = 14695981039346656037U;
  std::uint64_t steps_ = 0;
};

}  // namespace syncline
