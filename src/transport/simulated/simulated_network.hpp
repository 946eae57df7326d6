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

#include "transport/simulated/simulated_thread.hpp"
#include "transport/simulated/simulated_time.hpp"
#include "transport/transport.hpp"

namespace syncline {

/// Processes and connections in simulated time: a server, whose receive() makes time pass for all,
/// workers, who are called when something has come, and shards, servers that run one at a time
/// while it does. All delays come from a seed, so a run can be repeated to the last message.
/// Processes can be stopped, slowed down and killed, connections cut, either direction of the link
/// of a worker or shard blocked.
///
/// Messages of one connection keep their order; those of different ones overtake each other.
class SimulatedNetwork {
 public:
  using Time = SimulatedTime::Time;
  using Seconds = std::chrono::duration<double>;
  using Process = std::size_t;
  /// The workers' are 1, 2, ..., and those of the shards follow.
  static constexpr Process server_process = 0;

  /// What happens, one thing after the other, before it does.
  enum class Step : std::uint8_t { sent, delivered, pulse, other };
  /// What is to be done to the message of a step.
  struct Effect {
    Seconds delay{0};
    bool duplicate = false;
  };
  enum class Way : std::uint8_t { up, down };  ///< to the server, to the worker or whoever calls

  struct Settings {
    std::uint64_t seed = 1;
    std::size_t workers = 1, shards = 0;
    Seconds delay{0.0005};  ///< mean time that a message takes; exponential
    /// A connection that is blocked for so long is gone; or one to a shard without its other end.
    Seconds keepalive{12};
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

  /// The end of a server or shard; one at a time. receive() and send() throw ServerDies where
  /// kill_server() was called.
  struct ServerDies {};
  [[nodiscard]] std::unique_ptr<ServerTransport> server(Process process = server_process);
  /// The end of a worker, or of whoever calls that server, which connects by itself. `came`: called
  /// when receive() has something.
  [[nodiscard]] std::unique_ptr<WorkerTransport> connect(Process process,
                                                         std::function<void()> came,
                                                         Process server = server_process);
  /// Has a shard's process do something from now on, with its server(), until it is over or dies.
  /// REQUIRES: the one before it is over.
  void run(Process shard, std::function<void(ServerTransport&)> act);
  /// The server does nothing until something has happened somewhere. False: it is `until`. Throws
  /// ServerDies.
  bool wait_for_others(Time until);

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
  /// Nothing gets through in that direction; it arrives when that is over. Of a shard: in that of
  /// all who have called it.
  void block(Process process, Way way, Seconds time);
  /// The connections of a worker or shard break; of what is under way, some still arrives.
  void cut(Process process);
  /// The worker's process ends now. Its connection does so, too, unless the machine is gone.
  void end(Process worker, bool machine_gone);
  /// The process of the server or a shard ends at its next call. `machine_gone`: nobody is told.
  void kill_server(bool machine_gone, Process server = server_process);
  /// It ends here and now, in the midst of what it does: throws ServerDies.
  [[noreturn]] void server_dies(bool machine_gone, Process server = server_process);
  /// Called at the moment of the server's death.
  void at_death(std::function<void(bool machine_gone)> callback) {
    at_death_ = std::move(callback);
  }
  /// From here on kill_server() does nothing to it.
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
  /// Called at each beginning of the server's receive(): whether nothing is there yet; and whenever
  /// it waits for its shards.
  void at_receive(std::function<void(bool idle)> callback) { at_receive_ = std::move(callback); }
  /// Of all steps so far: two runs of a seed have the same.
  [[nodiscard]] std::uint64_t digest() const { return digest_; }
  [[nodiscard]] std::uint64_t steps() const { return steps_; }

 private:
  class Server;
  class Worker;
  class Beating;
  struct Connection;
  /// No process: things happen by themselves.
  static constexpr Process nobody = ~Process{0};

  struct Life {
    std::uint64_t number = 0;  ///< rises when the process ends
    Time stopped_until{};
    Time slow_until{};
    double slowness = 1;
    std::array<Time, 2> blocked_until{};
    // Of a server.
    Server* server = nullptr;  ///< that listens
    std::deque<IncomingMessage> inbox;
    bool dying = false;   ///< at its next call
    bool silent = false;  ///< dying, and what it sends is lost already
    bool machine_gone = false;
    std::unique_ptr<SimulatedThread> thread;  ///< of a shard
    std::uint64_t waits = 0;                  ///< how often it has waited
    bool waiting = false;
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
  void send(const std::shared_ptr<Connection>& connection, Way way, OutgoingMessage message);
  void break_off(const std::shared_ptr<Connection>& connection);
  [[nodiscard]] std::shared_ptr<Connection> open_connection(Worker& worker);
  /// When something gets through again; in the past: now.
  [[nodiscard]] Time blocked_until(Process caller, Process server, Way way) const;
  void all_is_read();

  // Servers, and who is at work.
  void resume(Process shard, std::uint64_t wait);
  /// Has a shard look up from its present wait.
  void wake(Process shard);
  bool step(Process server, Time until);
  /// Until something may have come. False: it is `until`. Throws ServerDies.
  bool wait(Process server, Time until);
  void die_if_told(Process server);
  void server_ends(Process server);
  /// The connections that the process has opened end.
  void hang_up(Process process, bool machine_gone);
  /// Whether what happens is done by the process in the midst of its own work, so that it can die
  /// there: not by a pulse, behind which somebody else is at work, nor out of a destructor.
  [[nodiscard]] bool is_at_work(Process server) const;

  static SimulatedTime::Time::duration ticks(Seconds time) {
    return std::chrono::duration_cast<Time::duration>(time);
  }

  Settings settings_;
  SimulatedTime time_;
  std::mt19937_64 random_;
  std::map<Peer, std::shared_ptr<Connection>> connections_;
  Peer next_peer_ = 1;
  Process at_work_ = server_process;  ///< whose thread runs, and is not in step()
  bool spared_ = false;
  std::function<void(bool)> at_receive_ = [](bool) {};
  std::function<void(bool)> at_death_ = [](bool) {};
  std::function<Effect(Step, Process)> on_step_ = [](Step, Process) { return Effect(); };
  std::uint64_t digest_ = 14695981039346656037U;
  std::uint64_t steps_ = 0;
  std::vector<Life> processes_;
};

}  // namespace syncline
