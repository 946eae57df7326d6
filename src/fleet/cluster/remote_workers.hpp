#pragma once

#include <chrono>
#include <deque>
#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "fleet/cluster/patience.hpp"
#include "fleet/cluster/protocol.hpp"
#include "fleet/cluster/reply_deadline.hpp"
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
  std::uint32_t pieces = 1;   ///< micro-batches of a gradient
  std::string shards;         ///< where they are, as Welcome says it
  /// Where there are shards: tells them that a job starts, and whether its worker needs the state.
  std::function<void(const Job& job, bool send)> start_at_shards = nullptr;
  std::function<void()> check_shards = [] {};  ///< throws TransportError if one is gone
  /// A worker that is silent for three of these is down.
  std::chrono::duration<double> heartbeat{usual_heartbeat};
  /// At the end of the run, for those of the workers that have not been there yet.
  std::chrono::duration<double> wait_for_late{0};
};

/// Workers at the other end of a transport: who comes gets the lowest free number; who goes, or
/// falls silent, is down. Everything that comes in is hostile until checked; what is refused is
/// counted by reason (docs/protocol.md).
template <class Real>
class RemoteWorkers final : public WorkerPort<Real> {
 public:
  /// `workload` and `wire` must outlive this. `vectors`: of the model's dimension, in a payload.
  RemoteWorkers(std::unique_ptr<ServerTransport> transport, const Workload<Real>& workload,
                const Wire<Real>& wire, std::size_t vectors, ClusterSettings settings);
  ~RemoteWorkers() override;

  [[nodiscard]] std::chrono::steady_clock::time_point now() const override {
    return transport_->now();
  }
  void assign(const Job& job, const JobStart<Real>& start,
              const WorkerMemory<Real>& memory) override;
  void cancel(WorkerId worker) override;
  void stop(WorkerId worker) override;
  void used(const Job& job) override;
  std::optional<WorkerMessage<Real>> receive(
      std::chrono::steady_clock::time_point deadline) override;
  void recycle(std::vector<Real>&& values) override { buffers_.give(std::move(values)); }

  /// What was refused or ignored, by reason.
  [[nodiscard]] std::map<std::string, std::uint64_t> oddities() const override { return oddities_; }
  /// Told of who comes and goes, and of who is refused, in words.
  void on_news(std::function<void(const std::string&)> callback) override {
    on_news_ = std::move(callback);
  }

  /// Payloads that are not finite, after which a worker is refused.
  static constexpr std::uint32_t most_strikes = 3;
  /// Messages without sense of one worker, after which it is taken for hostile.
  static constexpr std::uint32_t most_ignored = 1000;

 private:
  using Clock = std::chrono::steady_clock;
  using Kind = typename WorkerMessage<Real>::Kind;
  using State = std::shared_ptr<const Snapshot<Real>>;

  /// One place for a worker.
  struct Seat {
    std::optional<Peer> peer;
    bool ready = false;  ///< the host knows of it
    Clock::time_point heard;
    std::optional<Job> job;     ///< the last that it was sent, until it is over
    State read, previous;       ///< what that job starts from
    bool stopped = false;       ///< that job was told to end
    std::uint64_t sent = 0;     ///< 1 + the last job that it was sent; 0: none
    std::deque<Job> cancelled;  ///< that it may still say something of, in order
    std::uint64_t used = 0;     ///< 1 + its last job whose payload was used
    bool afresh = false;        ///< it is to be told that what it remembers is void
    std::optional<Version> has_read, has_previous;  ///< the states that it keeps

    std::optional<Clock::time_point> asked;  ///< when a job was sent that it has not confirmed
    ReplyDeadline replies{shortest_patience, longest_patience};  ///< for that
    std::uint32_t strikes = 0;                                   ///< payloads that were not finite
    std::uint32_t ignored = 0;                                   ///< messages without sense
  };

  // What comes in.
  /// Where the payload is wanted of a message that can only be a result of a seated worker; asked
  /// by the transport.
  [[nodiscard]] Landing landing_for(Peer peer, std::size_t length);
  void take(IncomingMessage& incoming);
  void leave(const IncomingMessage& incoming, std::optional<WorkerId> worker);
  void greet(Peer peer, const Hello& hello);
  void hear(WorkerId worker, const WorkerSays& says, std::span<const std::byte> body,
            Clock::time_point time);
  void hear(WorkerId worker, const Ready& ready, Clock::time_point time);
  void hear(WorkerId worker, const Heartbeat& heartbeat, Clock::time_point time);
  void hear(WorkerId worker, const Result& result, std::span<const std::byte> body,
            Clock::time_point time);
  void hear(WorkerId worker, const StepsDone& steps, Clock::time_point time);
  void hear(WorkerId worker, const GivenUp& given_up, Clock::time_point time);
  /// Whether a message about a job is about the present one; what is not is refused or counted.
  bool concerns_present(WorkerId worker, std::uint64_t incarnation, std::uint64_t job,
                        const char* what);
  /// Whether all numbers of the payload and its loss are finite. Throws MalformedMessage.
  bool read_payload(const Seat& seat, const Result& result, std::span<const std::byte> body,
                    Payload<Real>& payload);
  /// Whether it is the run that diverges, rather than this worker that is faulty.
  bool is_divergence(WorkerId worker);
  void refuse_payload(WorkerId worker, Clock::time_point time);
  void tell(Kind kind, WorkerId worker, std::uint64_t job, Clock::time_point time);

  // Who is there.
  void ignore(WorkerId worker, const std::string& count_as);
  /// `who`: empty if nobody knows.
  void note_refusal(const std::string& who, const std::string& count_as, const std::string& reason);
  void turn_away(Peer peer, const std::string& count_as, const std::string& reason,
                 bool try_again = false);
  void close(Peer peer);
  void dismiss(Peer peer);
  /// Whoever comes late learns that the run is over, instead of looking for a server that is gone.
  void dismiss_the_late();
  void seat(WorkerId worker, Peer peer);
  void lose(WorkerId worker, const std::string& why, Clock::time_point time);
  void lose_the_silent(Clock::time_point now);
  /// From when on silence counts; nullopt: not yet.
  [[nodiscard]] std::optional<Clock::time_point> awake_since();
  [[nodiscard]] std::optional<WorkerId> seat_of(Peer peer) const;
  void send(Peer peer, const ServerSays& says) { transport_->send(peer, {encode(says)}); }
  /// Tells the workers that the server is alive; called by the heart.
  void beat();

  std::unique_ptr<ServerTransport> transport_;
  const Workload<Real>& workload_;
  const Wire<Real>& wire_;
  ClusterSettings settings_;
  BufferPool<Real> buffers_;
  /// What landing_for() gave for the present message, until it is a payload.
  std::shared_ptr<std::vector<Real>> landed_;
  std::vector<Seat> seats_;
  std::map<Peer, WorkerId> seated_;
  std::size_t seen_ = 0;  ///< seats that were ever taken, which are the lowest
  bool over_ = false;     ///< the run is: whoever comes is told so
  int exceptions_ = std::uncaught_exceptions();  ///< under way before the run
  std::deque<WorkerMessage<Real>> inbox_;
  std::map<Peer, Clock::time_point> strangers_;  ///< who has not said hello, since when
  std::set<Peer> closed_;                        ///< of whom something may still come
  std::set<WorkerId> suspects_;                  ///< whose last payload was not finite
  std::map<std::string, std::uint64_t> oddities_;
  std::function<void(const std::string&)> on_news_ = [](const std::string&) {};

  std::mutex heart_mutex_;  ///< of the next three
  std::set<Peer> beaten_;   ///< the seated ones, for the heart
  Clock::time_point last_beat_;
  Clock::time_point awake_since_;  ///< when this process went on after it had been stopped
  std::unique_ptr<Pulse> heart_;   ///< the last member: it uses the others
};

}  // namespace syncline
