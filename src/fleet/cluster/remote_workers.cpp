#include "fleet/cluster/remote_workers.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "transport/transport_error.hpp"

namespace syncline {
namespace {

constexpr std::chrono::seconds longest_silence_of_strangers{10};
/// Heartbeats between two of the server's own, beyond which it was stopped in between.
constexpr double longest_gap = 2;
/// Of a worker, that it may still say something of.
constexpr std::size_t most_cancelled = 1024;

template <class Real>
std::span<const std::byte> bytes_of(const Snapshot<Real>& snapshot) {
  return std::as_bytes(std::span<const Real>(snapshot.state));
}

}  // namespace

template <class Real>
RemoteWorkers<Real>::RemoteWorkers(std::unique_ptr<ServerTransport> transport,
                                   const Workload<Real>& workload, const Wire<Real>& wire,
                                   std::size_t vectors, ClusterSettings settings)
    : transport_(std::move(transport)),
      workload_(workload),
      wire_(wire),
      settings_(std::move(settings)),
      buffers_(settings_.start_at_shards ? 0 : vectors * workload.dimension() + workload.buffers()),
      seats_(settings_.workers) {
  if (!(settings_.heartbeat.count() >= shortest_heartbeat &&
        settings_.heartbeat.count() <= longest_heartbeat)) {
    throw ConfigError("heartbeats must be from " + std::to_string(shortest_heartbeat) + " to " +
                      std::to_string(longest_heartbeat) + " seconds apart");
  }
  transport_->land_at([this](Peer peer, std::size_t length) { return landing_for(peer, length); });
  last_beat_ = transport_->now();
  heart_ = transport_->pulse(settings_.heartbeat, [this] { beat(); });
}

template <class Real>
RemoteWorkers<Real>::~RemoteWorkers() {
  heart_.reset();
  transport_->land_at(nullptr);
  // A run that has failed is not over: workers look for the server that resumes it.
  if (std::uncaught_exceptions() > exceptions_) return;
  for (const auto& [peer, worker] : std::exchange(seated_, {})) dismiss(peer);
  if (settings_.wait_for_late.count() > 0) dismiss_the_late();
}

template <class Real>
void RemoteWorkers<Real>::dismiss_the_late() {
  over_ = true;
  on_news_ = [](const std::string&) {};  // who was told is at its own end
  const auto wait = std::chrono::duration_cast<Clock::duration>(settings_.wait_for_late);
  const auto deadline = transport_->now() + wait;
  try {
    while (seen_ < seats_.size() && transport_->now() < deadline) {
      auto incoming = transport_->receive(deadline);
      if (incoming) take(*incoming);
    }
  } catch (const TransportError&) {
    // Nobody can come any more.
  }
}

template <class Real>
void RemoteWorkers<Real>::assign(const Job& job, const JobStart<Real>& start,
                                 const WorkerMemory<Real>&) {
  Seat& seat = seats_[job.worker];
  // A state that the worker keeps, as its last or as the one before, need not travel again.
  const bool has_read = seat.has_read == start.read->version;
  if (settings_.start_at_shards) settings_.start_at_shards(job, seat.peer && !has_read);
  // Its end has come, or the run was restored and nobody is there yet: the host is about to hear.
  if (!seat.peer) return;
  seat.job = job;
  seat.read = start.read;
  seat.previous = start.previous;
  seat.stopped = false;
  seat.sent = job.job + 1;
  seat.asked = transport_->now();
  Assignment assignment;
  assignment.job = job;
  assignment.step_size = start.step_size;
  assignment.used = seat.used;
  assignment.afresh = std::exchange(seat.afresh, false);
  assignment.read = start.read->version;
  assignment.has_previous = start.previous != nullptr;
  if (start.previous) assignment.previous = start.previous->version;
  OutgoingMessage message;
  if (wire_.codes_pulls()) {
    // Coded by the job's own key, so what the worker keeps of another job is of no use.
    const DrawKey key = {settings_.seed, job.worker, job.gradient};
    auto read = wire_.encode_pull(key, start.read->state);
    auto previous = read && start.previous ? wire_.encode_pull(key, start.previous->state)
                                           : std::optional<std::vector<std::byte>>();
    if (read && (previous || !start.previous)) {
      assignment.coded = true;
      assignment.states = start.previous ? 2 : 1;
      message.head = encode(ServerSays(assignment));
      message.head.insert(message.head.end(), read->begin(), read->end());
      if (previous) message.head.insert(message.head.end(), previous->begin(), previous->end());
      transport_->send(*seat.peer, std::move(message));
      return;
    }
  }
  const bool has_previous = !start.previous || seat.has_previous == start.previous->version ||
                            seat.has_read == start.previous->version;
  if (!has_previous) {
    assignment.states = 2;
    message.head = encode(ServerSays(assignment));
    const auto read = bytes_of(*start.read);
    message.head.insert(message.head.end(), read.begin(), read.end());
    message.owner = start.previous;
    message.body = bytes_of(*start.previous);
  } else if (!has_read) {
    assignment.states = 1;
    message.head = encode(ServerSays(assignment));
    // Of a sharded state nothing is here, and the shards send it.
    message.owner = start.read;
    message.body = bytes_of(*start.read);
  } else {
    message.head = encode(ServerSays(assignment));
  }
  if (start.previous) seat.has_previous = start.previous->version;
  seat.has_read = start.read->version;
  transport_->send(*seat.peer, std::move(message));
}

template <class Real>
void RemoteWorkers<Real>::cancel(WorkerId worker) {
  Seat& seat = seats_[worker];
  if (!seat.job) return;
  if (seat.peer) {
    send(*seat.peer, CancelJob{seat.job->job});
    seat.cancelled.push_back(*seat.job);
    // Jobs that are cancelled before they are begun leave no trace.
    if (seat.cancelled.size() > most_cancelled) seat.cancelled.pop_front();
  }
  seat.job.reset();
}

template <class Real>
void RemoteWorkers<Real>::stop(WorkerId worker) {
  Seat& seat = seats_[worker];
  seat.stopped = true;
  if (seat.peer && seat.job) send(*seat.peer, StopJob{seat.job->job});
}

template <class Real>
void RemoteWorkers<Real>::used(const Job& job) {
  seats_[job.worker].used = job.job + 1;
}

template <class Real>
std::optional<WorkerMessage<Real>> RemoteWorkers<Real>::receive(Clock::time_point deadline) {
  for (;;) {
    if (!inbox_.empty()) {
      std::optional<WorkerMessage<Real>> message = std::move(inbox_.front());
      inbox_.pop_front();
      return message;
    }
    settings_.check_shards();
    const auto beat = std::chrono::duration_cast<Clock::duration>(settings_.heartbeat);
    auto incoming = transport_->receive(std::min(deadline, transport_->now() + beat));
    if (incoming) take(*incoming);
    // Messages come in the order of their times. So up to the time of this one all is known, while
    // after a pause of the server's, those of other workers may still lie behind it.
    lose_the_silent(incoming ? incoming->time : transport_->now());
    if (inbox_.empty() && transport_->now() >= deadline) return std::nullopt;
  }
}

template <class Real>
std::optional<WorkerId> RemoteWorkers<Real>::seat_of(Peer peer) const {
  const auto found = seated_.find(peer);
  if (found == seated_.end()) return std::nullopt;
  return found->second;
}

template <class Real>
void RemoteWorkers<Real>::beat() {
  std::vector<Peer> peers;
  {
    const std::lock_guard lock(heart_mutex_);
    const auto now = transport_->now();
    if (now - last_beat_ > longest_gap * settings_.heartbeat) awake_since_ = now;
    last_beat_ = now;
    peers.assign(beaten_.begin(), beaten_.end());
  }
  for (const Peer peer : peers) send(peer, Beat{});
}

template <class Real>
void RemoteWorkers<Real>::seat(WorkerId worker, Peer peer) {
  Seat& seat = seats_[worker];
  seat = {};
  seat.peer = peer;
  seen_ = std::max<std::size_t>(seen_, worker + 1);
  // Its heart begins with its welcome, which is on its way only now, however old its hello is.
  seat.heard = transport_->now();
  const auto every = settings_.heartbeat;
  seat.replies = ReplyDeadline(patience_with(every), longest_patience_with(every));
  seated_[peer] = worker;
  strangers_.erase(peer);
  transport_->admit(peer);
  const std::lock_guard lock(heart_mutex_);
  beaten_.insert(peer);
}

template <class Real>
void RemoteWorkers<Real>::ignore(WorkerId worker, const std::string& count_as) {
  ++oddities_[count_as];
  if (++seats_[worker].ignored > most_ignored) {
    throw MalformedMessage("it has sent more than " + std::to_string(most_ignored) +
                           " messages without sense, the last one a " + count_as);
  }
}

template <class Real>
void RemoteWorkers<Real>::turn_away(Peer peer, const std::string& count_as,
                                    const std::string& reason, bool try_again) {
  note_refusal(transport_->name(peer), count_as, reason);
  send(peer, Refusal{reason, try_again});
  close(peer);
}

template <class Real>
void RemoteWorkers<Real>::note_refusal(const std::string& who, const std::string& count_as,
                                       const std::string& reason) {
  const std::uint64_t count = ++oddities_["refused: " + count_as];
  // Whoever knocks all the time does not fill the log.
  if (!std::has_single_bit(count)) return;
  on_news_("refused " + (who.empty() ? reason : who + ": " + reason) +
           (count > 1 ? " (" + std::to_string(count) + " times)" : ""));
}

template <class Real>
void RemoteWorkers<Real>::dismiss(Peer peer) {
  send(peer, Goodbye{"the run is over"});
  close(peer);
}

template <class Real>
void RemoteWorkers<Real>::close(Peer peer) {
  strangers_.erase(peer);
  closed_.insert(peer);
  transport_->close(peer);
}

template <class Real>
void RemoteWorkers<Real>::lose(WorkerId worker, const std::string& why, Clock::time_point time) {
  Seat& seat = seats_[worker];
  if (!seat.peer) return;
  on_news_("worker " + std::to_string(worker) + " (" + transport_->name(*seat.peer) +
           ") is down: " + why);
  const bool known = seat.ready;
  seated_.erase(*seat.peer);
  {
    const std::lock_guard lock(heart_mutex_);
    beaten_.erase(*seat.peer);
  }
  seat = {};
  if (known) tell(WorkerMessage<Real>::Kind::down, worker, 0, time);
}

template <class Real>
auto RemoteWorkers<Real>::awake_since() -> std::optional<Clock::time_point> {
  const std::lock_guard lock(heart_mutex_);
  // What has come while this process was stopped has not been looked at yet.
  if (transport_->now() - last_beat_ > longest_gap * settings_.heartbeat) return std::nullopt;
  return awake_since_;
}

template <class Real>
void RemoteWorkers<Real>::lose_the_silent(Clock::time_point now) {
  const auto awake = awake_since();
  if (!awake) return;
  for (WorkerId worker = 0; worker < seats_.size(); ++worker) {
    const Seat& seat = seats_[worker];
    if (!seat.peer) continue;
    const Peer peer = *seat.peer;
    const auto silent_since = std::max(seat.heard, *awake);
    if (now - silent_since >= missing_heartbeats * settings_.heartbeat) {
      lose(worker, "it was silent for three heartbeats", now);
      close(peer);
    } else if (seat.asked && now - std::max(*seat.asked, *awake) > seat.replies.value()) {
      lose(worker, "it has heartbeats, but did not confirm a job that it was sent", now);
      turn_away(peer, "no confirmation", "a job was not confirmed", true);
    }
  }
  while (!strangers_.empty()) {
    // The oldest connection has the smallest number.
    const auto [peer, since] = *strangers_.begin();
    if (now - since < longest_silence_of_strangers) break;
    turn_away(peer, "no hello", "no hello came", true);
  }
}

template class RemoteWorkers<float>;
template class RemoteWorkers<double>;

}  // namespace syncline
