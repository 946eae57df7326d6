#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "fleet/cluster/protocol.hpp"
#include "fleet/live/worker_port.hpp"
#include "fleet/worker/buffer_pool.hpp"
#include "transport/transport.hpp"

namespace syncline {

/// What a server tells its workers, and asks of them.
struct ClusterSettings {
  std::string config;  ///< of the run, JSON
  std::string token;   ///< that workers must show; empty: none
  std::uint64_t incarnation = 0;
  std::uint64_t seed = 0;
  std::uint32_t workers = 0;  ///< most that may be there at once
  /// A worker that is silent for three of these is down.
  std::chrono::duration<double> heartbeat{0.2};
};

/// Workers at the other end of a transport: who comes gets the lowest free number; who goes, or
/// falls silent, is down. Everything that comes in is hostile until checked; what is refused is
/// counted by reason, and ends the connection.
template <class Real>
class RemoteWorkers final : public WorkerPort<Real> {
 public:
  /// `workload` and `wire` must outlive this. `vectors`: of the model's dimension, in a payload.
  RemoteWorkers(std::unique_ptr<ServerTransport> transport, const Workload<Real>& workload,
                const Wire<Real>& wire, std::size_t vectors, ClusterSettings settings);
  ~RemoteWorkers() override;

  void assign(const Job& job, const JobStart<Real>& start,
              const WorkerMemory<Real>& memory) override;
  void cancel(WorkerId worker) override;
  void stop(WorkerId worker) override;
  void used(const Job& job) override;
  std::optional<WorkerMessage<Real>> receive(
      std::chrono::steady_clock::time_point deadline) override;
  void recycle(std::vector<Real>&& values) override { buffers_.give(std::move(values)); }

  /// What was refused, and results of jobs that had been given up before they came.
  [[nodiscard]] std::map<std::string, std::uint64_t> oddities() const override { return oddities_; }
  /// Told of who comes and goes, and of who is refused, in words.
  void on_news(std::function<void(const std::string&)> callback) override {
    on_news_ = std::move(callback);
  }

 private:
  using Clock = std::chrono::steady_clock;
  /// One place for a worker.
  struct Seat {
    std::optional<Peer> peer;
    bool ready = false;  ///< the host knows of it
    Clock::time_point heard;
    std::optional<Job> job;                         ///< the last that it was sent, until it is over
    bool stopped = false;                           ///< that job was told to end
    std::uint64_t used = 0;                         ///< 1 + its last job whose payload was used
    std::optional<Version> has_read, has_previous;  ///< the states that it keeps
  };

  void take(IncomingMessage& incoming);
  void greet(Peer peer, const Hello& hello, Clock::time_point time);
  void hear(WorkerId worker, const WorkerSays& says, std::span<const std::byte> body,
            Clock::time_point time);
  void accept(WorkerId worker, const Result& result, std::span<const std::byte> body,
              Clock::time_point time);
  void turn_away(Peer peer, const std::string& count_as, const std::string& reason,
                 bool try_again = false);
  void close(Peer peer);
  void lose(WorkerId worker, const std::string& why, Clock::time_point time);
  void lose_the_silent(Clock::time_point now);
  [[nodiscard]] std::optional<WorkerId> seat_of(Peer peer) const;
  void send(Peer peer, const ServerSays& says) { transport_->send(peer, {encode(says)}); }
  void tell(typename WorkerMessage<Real>::Kind kind, WorkerId worker, std::uint64_t job,
            Clock::time_point time);

  std::unique_ptr<ServerTransport> transport_;
  const Workload<Real>& workload_;
  const Wire<Real>& wire_;
  ClusterSettings settings_;
  BufferPool<Real> buffers_;
  std::vector<Seat> seats_;
  std::map<Peer, WorkerId> seated_;
  std::deque<WorkerMessage<Real>> inbox_;
  std::map<Peer, Clock::time_point> strangers_;  ///< who has not said hello, since when
  std::set<Peer> closed_;                        ///< of whom something may still come
  std::map<std::string, std::uint64_t> oddities_;
  std::function<void(const std::string&)> on_news_ = [](const std::string&) {};
};

}  // namespace syncline
