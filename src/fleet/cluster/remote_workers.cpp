#include "fleet/cluster/remote_workers.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "fleet/cluster/same_secret.hpp"

namespace syncline {
namespace {

using Clock = std::chrono::steady_clock;

/// Heartbeats that may be missing.
constexpr double patience = 3;
constexpr std::chrono::seconds longest_silence_of_strangers{10};

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
      buffers_(vectors * workload.dimension() + workload.buffers()),
      seats_(settings_.workers) {}

template <class Real>
RemoteWorkers<Real>::~RemoteWorkers() {
  for (const auto& [peer, worker] : seated_) {
    send(peer, Goodbye{"the run is over"});
    transport_->close(peer);
  }
}

template <class Real>
void RemoteWorkers<Real>::assign(const Job& job, const JobStart<Real>& start,
                                 const WorkerMemory<Real>&) {
  Seat& seat = seats_[job.worker];
  // Its end has come, or the run was restored and nobody is there yet: the host is about to hear.
  if (!seat.peer) return;
  seat.job = job;
  seat.stopped = false;
  Assignment assignment;
  assignment.job = job;
  assignment.step_size = start.step_size;
  assignment.used = seat.used;
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
  // A state that the worker keeps, as its last or as the one before, need not travel again.
  const bool has_read = seat.has_read == start.read->version;
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
  if (seat.peer && seat.job) send(*seat.peer, CancelJob{seat.job->job});
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
    const auto beat = std::chrono::duration_cast<Clock::duration>(settings_.heartbeat);
    auto incoming = transport_->receive(std::min(deadline, Clock::now() + beat));
    if (incoming) take(*incoming);
    // Messages come in the order of their times. So up to the time of this one all is known, while
    // after a pause of the server's, those of other workers may still lie behind it.
    lose_the_silent(incoming ? incoming->time : Clock::now());
    if (inbox_.empty() && Clock::now() >= deadline) return std::nullopt;
  }
}

template <class Real>
std::optional<WorkerId> RemoteWorkers<Real>::seat_of(Peer peer) const {
  const auto found = seated_.find(peer);
  if (found == seated_.end()) return std::nullopt;
  return found->second;
}

template <class Real>
void RemoteWorkers<Real>::take(IncomingMessage& incoming) {
  const auto worker = seat_of(incoming.peer);
  if (incoming.kind == IncomingMessage::Kind::joined) {
    strangers_[incoming.peer] = incoming.time;
    return;
  }
  if (incoming.kind == IncomingMessage::Kind::alive) {
    if (worker) seats_[*worker].heard = incoming.time;
    return;
  }
  if (incoming.kind == IncomingMessage::Kind::left) {
    strangers_.erase(incoming.peer);
    closed_.erase(incoming.peer);
    if (worker) lose(*worker, "its connection is gone", incoming.time);
    return;
  }
  if (closed_.contains(incoming.peer)) return;
  try {
    std::span<const std::byte> body;
    const WorkerSays says = decode_from_worker(incoming.bytes, body);
    if (!worker) {
      // Else it is for an earlier connection, and was overtaken by a new one.
      if (const auto* hello = std::get_if<Hello>(&says))
        greet(incoming.peer, *hello, incoming.time);
    } else {
      seats_[*worker].heard = incoming.time;
      hear(*worker, says, body, incoming.time);
    }
  } catch (const DataError& error) {
    turn_away(incoming.peer, "malformed message", error.what());
    if (worker) lose(*worker, error.what(), incoming.time);
  }
}

template <class Real>
void RemoteWorkers<Real>::greet(Peer peer, const Hello& hello, Clock::time_point time) {
  if (hello.version != protocol_version) {
    return turn_away(peer, "protocol version",
                     "the worker speaks version " + std::to_string(hello.version) +
                         " of the protocol, the server " + std::to_string(protocol_version) +
                         ": run the same version of Syncline on both");
  }
  if (!same_secret(hello.token, settings_.token)) {
    return turn_away(peer, "token", "the worker has not the token of this job");
  }
  const auto free =
      std::find_if(seats_.begin(), seats_.end(), [](const Seat& seat) { return !seat.peer; });
  if (free == seats_.end()) {
    return turn_away(peer, "no seat",
                     "all " + std::to_string(seats_.size()) +
                         " workers of the job are there: raise fleet.workers for more",
                     true);
  }
  const auto worker = static_cast<WorkerId>(free - seats_.begin());
  *free = {};
  free->peer = peer;
  free->heard = time;
  seated_[peer] = worker;
  strangers_.erase(peer);
  send(peer, Welcome{settings_.incarnation, worker, settings_.heartbeat.count(), settings_.config});
}

template <class Real>
void RemoteWorkers<Real>::turn_away(Peer peer, const std::string& count_as,
                                    const std::string& reason, bool try_again) {
  const std::uint64_t count = ++oddities_["refused: " + count_as];
  // Whoever knocks all the time does not fill the log.
  if (std::has_single_bit(count)) {
    on_news_("refused " + transport_->name(peer) + ": " + reason +
             (count > 1 ? " (" + std::to_string(count) + " times)" : ""));
  }
  send(peer, Refusal{reason, try_again});
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
  seat = {};
  if (known) tell(WorkerMessage<Real>::Kind::down, worker, 0, time);
}

template <class Real>
void RemoteWorkers<Real>::lose_the_silent(Clock::time_point now) {
  for (WorkerId worker = 0; worker < seats_.size(); ++worker) {
    const Seat& seat = seats_[worker];
    if (!seat.peer || now - seat.heard < patience * settings_.heartbeat) continue;
    const Peer peer = *seat.peer;
    lose(worker, "it was silent for three heartbeats", now);
    close(peer);
  }
  while (!strangers_.empty()) {
    // The oldest connection has the smallest number.
    const auto [peer, since] = *strangers_.begin();
    if (now - since < longest_silence_of_strangers) break;
    turn_away(peer, "no hello", "no hello came");
  }
}

template <class Real>
void RemoteWorkers<Real>::tell(typename WorkerMessage<Real>::Kind kind, WorkerId worker,
                               std::uint64_t job, Clock::time_point time) {
  WorkerMessage<Real> message;
  message.kind = kind;
  message.worker = worker;
  message.job = job;
  message.time = time;
  inbox_.push_back(std::move(message));
}

template <class Real>
void RemoteWorkers<Real>::hear(WorkerId worker, const WorkerSays& says,
                               std::span<const std::byte> body, Clock::time_point time) {
  using Kind = typename WorkerMessage<Real>::Kind;
  Seat& seat = seats_[worker];
  if (std::holds_alternative<Heartbeat>(says)) return;
  if (std::holds_alternative<Hello>(says)) throw MalformedMessage("a worker said hello twice");
  if (const auto* ready = std::get_if<Ready>(&says)) {
    if (seat.ready) throw MalformedMessage("a worker was ready twice");
    if (ready->dimension != workload_.dimension() || ready->buffers != workload_.buffers()) {
      throw DataError("its model has " + std::to_string(ready->dimension) + " parameters and " +
                      std::to_string(ready->buffers) + " buffers, ours " +
                      std::to_string(workload_.dimension()) + " and " +
                      std::to_string(workload_.buffers()));
    }
    seat.ready = true;
    on_news_("worker " + std::to_string(worker) + " (" + transport_->name(*seat.peer) + ") is up");
    return tell(Kind::up, worker, 0, time);
  }
  if (!seat.ready) throw MalformedMessage("a worker spoke of a job before it was ready");
  if (const auto* result = std::get_if<Result>(&says)) {
    return accept(worker, *result, body, time);
  }
  if (const auto* steps = std::get_if<StepsDone>(&says)) {
    if (seat.job && seat.job->job == steps->job) tell(Kind::progressed, worker, steps->job, time);
    return;
  }
  const auto& given_up = std::get<GivenUp>(says);
  tell(Kind::abandoned, worker, given_up.job, time);
  inbox_.back().pieces_done = given_up.pieces_done;
  inbox_.back().pieces = given_up.pieces;
}

template <class Real>
void RemoteWorkers<Real>::accept(WorkerId worker, const Result& result,
                                 std::span<const std::byte> body, Clock::time_point time) {
  Seat& seat = seats_[worker];
  if (!seat.job || seat.job->job != result.job) {
    ++oddities_["late result"];
    return;
  }
  const Job job = *seat.job;
  if (result.steps < job.work.steps && !seat.stopped) {
    throw MalformedMessage("a job did less than it was sent to do");
  }
  if (result.steps > job.work.steps) {
    throw MalformedMessage("a job of " + std::to_string(job.work.steps) + " steps has done " +
                           std::to_string(result.steps));
  }
  WorkerMessage<Real> message;
  message.kind = WorkerMessage<Real>::Kind::arrived;
  message.worker = worker;
  message.job = job.job;
  message.time = time;
  message.payload.outcome.steps = result.steps;
  message.payload.outcome.loss = result.loss;
  message.payload.values = buffers_.take();
  const std::span<Real> values = message.payload.values;
  if (result.steps == 0) {
    if (!body.empty()) throw MalformedMessage("a job that has done nothing has a payload");
  } else if (result.coded) {
    if (!wire_.codes_pushes()) throw MalformedMessage("a payload is coded, and no codec is set");
    wire_.decode_push(body, {settings_.seed, worker, job.gradient}, values);
  } else {
    if (body.size() != values.size_bytes()) {
      throw MalformedMessage("a payload has " + std::to_string(body.size()) + " bytes, not " +
                             std::to_string(values.size_bytes()));
    }
    std::memcpy(values.data(), body.data(), body.size());
  }
  seat.job.reset();
  inbox_.push_back(std::move(message));
}

template class RemoteWorkers<float>;
template class RemoteWorkers<double>;

}  // namespace syncline
