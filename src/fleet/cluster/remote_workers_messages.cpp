#include <algorithm>
#include <cmath>

#include "fleet/cluster/checked_copy.hpp"
#include "fleet/cluster/remote_workers.hpp"
#include "fleet/cluster/same_secret.hpp"

// What comes from the workers, and what is refused of it.
namespace syncline {
namespace {

template <class Real>
bool finite(const std::shared_ptr<const Snapshot<Real>>& state) {
  return !state || all_finite<Real>(state->state);
}

}  // namespace

template <class Real>
Landing RemoteWorkers<Real>::landing_for(Peer peer, std::size_t length) {
  static const std::size_t head = encode(WorkerSays(Result{})).size();
  if (length != head + buffers_.length() * sizeof(Real)) return {};
  {
    // A stranger is to hold no memory that has been paid for.
    const std::lock_guard lock(heart_mutex_);
    if (!beaten_.contains(peer)) return {};
  }
  auto values = std::make_shared<std::vector<Real>>(buffers_.take());
  const auto bytes = std::as_writable_bytes(std::span<Real>(*values));
  return {std::move(values), bytes};
}

template <class Real>
void RemoteWorkers<Real>::take(IncomingMessage& incoming) {
  const auto worker = seat_of(incoming.peer);
  switch (incoming.kind) {
    case IncomingMessage::Kind::joined:
      strangers_[incoming.peer] = incoming.time;
      return;
    case IncomingMessage::Kind::alive:
      if (worker) seats_[*worker].heard = incoming.time;
      return;
    case IncomingMessage::Kind::left:
      strangers_.erase(incoming.peer);
      closed_.erase(incoming.peer);
      leave(incoming, worker);
      return;
    case IncomingMessage::Kind::refused:
      note_refusal("", incoming.fault.kind, incoming.fault.text);
      return;
    case IncomingMessage::Kind::message:
      break;
  }
  if (closed_.contains(incoming.peer)) return;
  try {
    std::span<const std::byte> body;
    const WorkerSays says = decode_from_worker(incoming.bytes, body);
    landed_ = std::static_pointer_cast<std::vector<Real>>(std::move(incoming.landing.owner));
    if (landed_) {
      if (!std::holds_alternative<Result>(says)) throw MalformedMessage("a message is too long");
      body = std::as_bytes(std::span<const Real>(*landed_));
    }
    if (!worker) {
      // Else it is for an earlier connection, and was overtaken by a new one.
      if (const auto* hello = std::get_if<Hello>(&says)) {
        greet(incoming.peer, *hello);
      }
    } else {
      seats_[*worker].heard = incoming.time;
      hear(*worker, says, body, incoming.time);
    }
  } catch (const DataError& error) {
    turn_away(incoming.peer, "malformed message", error.what());
    if (worker) lose(*worker, error.what(), incoming.time);
  }
  if (landed_) buffers_.give(std::move(*std::exchange(landed_, nullptr)));
}

template <class Real>
void RemoteWorkers<Real>::leave(const IncomingMessage& incoming, std::optional<WorkerId> worker) {
  const Fault& fault = incoming.fault;
  if (!fault.kind.empty()) {
    note_refusal(transport_->name(incoming.peer), fault.kind, fault.text);
  }
  if (!worker) return;
  lose(*worker, fault.kind.empty() ? "its connection is gone" : fault.text, incoming.time);
}

template <class Real>
void RemoteWorkers<Real>::greet(Peer peer, const Hello& hello) {
  if (hello.version != protocol_version) {
    return turn_away(peer, "protocol version",
                     "the worker speaks version " + std::to_string(hello.version) +
                         " of the protocol, the server " + std::to_string(protocol_version) +
                         ": run the same version of Syncline on both");
  }
  if (!same_secret(hello.token, settings_.token)) {
    return turn_away(peer, "token", "the worker has not the token of this job");
  }
  if (over_) {
    ++seen_;
    return dismiss(peer);
  }
  const auto free =
      std::find_if(seats_.begin(), seats_.end(), [](const Seat& seat) { return !seat.peer; });
  if (free == seats_.end()) {
    return turn_away(peer, "no seat",
                     "all " + std::to_string(seats_.size()) +
                         " workers of the job are there: raise fleet.workers for more",
                     true);
  }
  if (hello.job != 0) {
    // The worker has dropped it. The host lost it with the connection, or with the server.
    ++oddities_[hello.incarnation == settings_.incarnation ? "job of an earlier connection"
                                                           : "job of an earlier incarnation"];
  }
  const auto worker = static_cast<WorkerId>(free - seats_.begin());
  seat(worker, peer);
  send(peer, Welcome{settings_.incarnation, worker, settings_.heartbeat.count(), settings_.config,
                     settings_.shards});
}

template <class Real>
void RemoteWorkers<Real>::tell(Kind kind, WorkerId worker, std::uint64_t job,
                               Clock::time_point time) {
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
  if (std::holds_alternative<Hello>(says)) return ignore(worker, "repeated hello");
  if (const auto* heartbeat = std::get_if<Heartbeat>(&says)) return hear(worker, *heartbeat, time);
  if (const auto* ready = std::get_if<Ready>(&says)) return hear(worker, *ready, time);
  if (!seats_[worker].ready) throw MalformedMessage("a worker spoke of a job before it was ready");
  if (const auto* result = std::get_if<Result>(&says)) return hear(worker, *result, body, time);
  if (const auto* steps = std::get_if<StepsDone>(&says)) return hear(worker, *steps, time);
  hear(worker, std::get<GivenUp>(says), time);
}

template <class Real>
void RemoteWorkers<Real>::hear(WorkerId worker, const Ready& ready, Clock::time_point time) {
  Seat& seat = seats_[worker];
  if (seat.ready) return ignore(worker, "repeated ready");
  if (ready.dimension != workload_.dimension() || ready.buffers != workload_.buffers()) {
    throw DataError("its model has " + std::to_string(ready.dimension) + " parameters and " +
                    std::to_string(ready.buffers) + " buffers, ours " +
                    std::to_string(workload_.dimension()) + " and " +
                    std::to_string(workload_.buffers()));
  }
  seat.ready = true;
  suspects_.erase(worker);
  on_news_("worker " + std::to_string(worker) + " (" + transport_->name(*seat.peer) + ") is up");
  tell(Kind::up, worker, 0, time);
}

template <class Real>
void RemoteWorkers<Real>::hear(WorkerId worker, const Heartbeat& heartbeat,
                               Clock::time_point time) {
  Seat& seat = seats_[worker];
  if (heartbeat.taken > seat.sent) throw MalformedMessage("a job was confirmed that was not sent");
  if (!seat.asked || heartbeat.taken < seat.sent) return;
  // A confirmation that was under way when the job was sent again can't be for it.
  if (time >= *seat.asked) seat.replies.measured(time - *seat.asked);
  seat.asked.reset();
}

template <class Real>
bool RemoteWorkers<Real>::concerns_present(WorkerId worker, std::uint64_t incarnation,
                                           std::uint64_t job, const char* what) {
  Seat& seat = seats_[worker];
  if (incarnation != settings_.incarnation) {
    ignore(worker, std::string(what) + " of an earlier incarnation");
    return false;
  }
  if (job >= seat.sent) throw MalformedMessage(std::string(what) + " of a job yet to come");
  seat.asked = job + 1 == seat.sent ? std::nullopt : seat.asked;
  return seat.job && seat.job->job == job;
}

template <class Real>
void RemoteWorkers<Real>::hear(WorkerId worker, const StepsDone& steps, Clock::time_point time) {
  if (concerns_present(worker, steps.incarnation, steps.job, "report")) {
    tell(Kind::progressed, worker, steps.job, time);
  }
}

template <class Real>
void RemoteWorkers<Real>::hear(WorkerId worker, const GivenUp& given_up, Clock::time_point time) {
  Seat& seat = seats_[worker];
  if (concerns_present(worker, given_up.incarnation, given_up.job, "surrender")) {
    throw MalformedMessage("a job was given up that is wanted");
  }
  if (given_up.incarnation != settings_.incarnation) return;
  const auto job = std::find_if(seat.cancelled.begin(), seat.cancelled.end(),
                                [&](const Job& each) { return each.job == given_up.job; });
  if (job == seat.cancelled.end()) return ignore(worker, "surrender of an unknown job");
  const std::uint64_t pieces = std::uint64_t{job->work.gradients} * settings_.pieces;
  if (given_up.pieces != pieces || given_up.pieces_done > pieces) {
    throw MalformedMessage(
        "a job of " + std::to_string(pieces) + " micro-batches was given up after " +
        std::to_string(given_up.pieces_done) + " of " + std::to_string(given_up.pieces));
  }
  // In order: of those before it nothing will come.
  seat.cancelled.erase(seat.cancelled.begin(), job + 1);
  tell(Kind::abandoned, worker, given_up.job, time);
  inbox_.back().pieces_done = given_up.pieces_done;
  inbox_.back().pieces = given_up.pieces;
}

template <class Real>
void RemoteWorkers<Real>::hear(WorkerId worker, const Result& result,
                               std::span<const std::byte> body, Clock::time_point time) {
  Seat& seat = seats_[worker];
  if (!concerns_present(worker, result.incarnation, result.job, "result")) {
    if (result.incarnation != settings_.incarnation) return;
    const auto job = std::find_if(seat.cancelled.begin(), seat.cancelled.end(),
                                  [&](const Job& each) { return each.job == result.job; });
    if (job == seat.cancelled.end()) return ignore(worker, "result of an unknown job");
    seat.cancelled.erase(seat.cancelled.begin(), job + 1);
    ++oddities_["late result"];
    return;
  }
  const Job job = *seat.job;
  if (result.read != job.read) {
    throw MalformedMessage("a job of version " + std::to_string(job.read) +
                           " was computed at version " + std::to_string(result.read));
  }
  if (result.steps < job.work.steps && !seat.stopped) {
    throw MalformedMessage("a job did less than it was sent to do");
  }
  if (result.steps > job.work.steps) {
    throw MalformedMessage("a job of " + std::to_string(job.work.steps) + " steps has done " +
                           std::to_string(result.steps));
  }
  WorkerMessage<Real> message;
  message.kind = Kind::arrived;
  message.worker = worker;
  message.job = job.job;
  message.time = time;
  if (read_payload(seat, result, body, message.payload)) {
    suspects_.erase(worker);
  } else if (!is_divergence(worker)) {
    buffers_.give(std::move(message.payload.values));
    return refuse_payload(worker, time);
  }
  seat.job.reset();
  seat.read = seat.previous = nullptr;
  inbox_.push_back(std::move(message));
}

template <class Real>
bool RemoteWorkers<Real>::read_payload(const Seat& seat, const Result& result,
                                       std::span<const std::byte> body, Payload<Real>& payload) {
  payload.outcome.steps = result.steps;
  payload.outcome.loss = result.loss;
  if (result.steps == 0) {
    if (!body.empty()) throw MalformedMessage("a job that has done nothing has a payload");
    payload.values = buffers_.take();
    return true;
  }
  if (settings_.start_at_shards) {
    // The shards have it, and have said whether it is finite.
    if (body.size() != 1 || result.coded) throw MalformedMessage("a payload is not at the shards");
    return body[0] == std::byte{1} && std::isfinite(result.loss);
  }
  if (landed_ && !result.coded) {
    payload.values = std::move(*std::exchange(landed_, nullptr));
    return all_finite<Real>(payload.values) && std::isfinite(result.loss);
  }
  payload.values = buffers_.take();
  const std::span<Real> values = payload.values;
  if (result.coded) {
    if (!wire_.codes_pushes()) throw MalformedMessage("a payload is coded, and no codec is set");
    wire_.decode_push(body, {settings_.seed, seat.job->worker, seat.job->gradient}, values);
    return all_finite<Real>(values) && std::isfinite(result.loss);
  }
  if (body.size() != values.size_bytes()) {
    throw MalformedMessage("a payload has " + std::to_string(body.size()) + " bytes, not " +
                           std::to_string(values.size_bytes()));
  }
  return copy_finite<Real>(body, values) && std::isfinite(result.loss);
}

template <class Real>
bool RemoteWorkers<Real>::is_divergence(WorkerId worker) {
  const Seat& seat = seats_[worker];
  if (!finite<Real>(seat.read) || !finite<Real>(seat.previous)) return true;
  suspects_.insert(worker);
  std::size_t all = suspects_.size();
  for (WorkerId other = 0; other < seats_.size(); ++other) {
    if (seats_[other].ready && !suspects_.contains(other)) ++all;
  }
  if (2 * suspects_.size() <= all) return false;
  on_news_("the payloads of " + std::to_string(suspects_.size()) + " of " + std::to_string(all) +
           " workers are not finite: it is the run that diverges");
  return true;
}

template <class Real>
void RemoteWorkers<Real>::refuse_payload(WorkerId worker, Clock::time_point time) {
  Seat& seat = seats_[worker];
  const Peer peer = *seat.peer;
  ++oddities_["refused: payload that is not finite"];
  if (++seat.strikes >= most_strikes) {
    const std::string why = std::to_string(most_strikes) +
                            " of its payloads were not finite numbers, and the others' are";
    turn_away(peer, "faulty worker", why);
    return lose(worker, why, time);
  }
  on_news_("worker " + std::to_string(worker) + " (" + transport_->name(peer) +
           "): a payload was refused, since it is not finite");
  // To the host as if the worker had been gone for a moment: the job is lost, and with it all that
  // the worker remembers.
  seat.job.reset();
  seat.read = seat.previous = nullptr;
  seat.used = 0;
  seat.afresh = true;
  tell(Kind::down, worker, 0, time);
  tell(Kind::up, worker, 0, time);
}

template class RemoteWorkers<float>;
template class RemoteWorkers<double>;

}  // namespace syncline
