#include "fleet/cluster/worker_machine.hpp"

#include <utility>

#include "fleet/cluster/patience.hpp"

namespace syncline {
namespace {

/// Whoever does nothing for longer has been stopped, or was busy.
constexpr std::chrono::seconds longest_nap{2};

}  // namespace

WorkerMachine::WorkerMachine(WorkerTransport& transport, Workshop& workshop, std::string token,
                             std::string data_folder, News news)
    : transport_(transport),
      workshop_(workshop),
      token_(std::move(token)),
      data_folder_(std::move(data_folder)),
      news_(std::move(news)),
      awake_(transport.now()),
      heard_(awake_),
      welcomes_(shortest_patience, longest_patience) {}

WorkerMachine::~WorkerMachine() { end_session(); }

void WorkerMachine::end_session() {
  follower_.reset();
  if (session_) hello_.job = session_->job_in_hand();
  session_.reset();
  heart_.reset();
  welcome_.reset();
  greeted_.reset();
  last_beat_.reset();
  beats_.reset();
  taken_ = 0;
}

void WorkerMachine::take(const IncomingMessage& incoming) {
  awake_ = transport_.now();
  heard_ = incoming.time;
  switch (incoming.kind) {
    case IncomingMessage::Kind::joined:
      gave_up_ = false;
      hello_.token = token_;
      transport_.send({encode(WorkerSays(hello_))});
      greeted_ = transport_.now();
      return;
    case IncomingMessage::Kind::left:
      if (turned_away_.empty()) news_("the server is gone; waiting for it");
      return end_session();
    case IncomingMessage::Kind::alive:
    case IncomingMessage::Kind::refused:  // only servers are told of these
      return;
    case IncomingMessage::Kind::message:
      break;
  }
  // What had come before the connection was ended.
  if (gave_up_) return;
  std::span<const std::byte> body;
  ServerSays says = decode_from_server(incoming.bytes, body);
  if (!incoming.landing.bytes.empty()) {
    if (!std::holds_alternative<Assignment>(says)) throw MalformedMessage("a message is too long");
    body = incoming.landing.bytes;
  }
  if (const auto* refusal = std::get_if<Refusal>(&says)) return take(*refusal);
  if (auto* welcome = std::get_if<Welcome>(&says)) {
    if (greeted_) welcomes_.measured(incoming.time - *greeted_);
    return take(std::move(*welcome));
  }
  if (const auto* goodbye = std::get_if<Goodbye>(&says)) {
    ending_ = goodbye->reason;
    return end_session();
  }
  if (std::holds_alternative<Beat>(says)) {
    if (beats_ && last_beat_) beats_->measured(incoming.time - *last_beat_);
    last_beat_ = incoming.time;
    return;
  }
  if (!session_) throw MalformedMessage("the server sent a job before its welcome");
  if (const auto* assignment = std::get_if<Assignment>(&says)) {
    session_->take(*assignment, body, incoming.landing.owner);
    taken_ = assignment->job.job + 1;
  }
  if (const auto* cancel = std::get_if<CancelJob>(&says)) session_->take(*cancel);
  if (const auto* stop = std::get_if<StopJob>(&says)) session_->take(*stop);
}

void WorkerMachine::take(const Refusal& refusal) {
  if (!refusal.try_again) {
    throw ConfigError("the server refuses this worker: " + refusal.reason);
  }
  greeted_.reset();
  // It will ask again and again.
  if (refusal.reason != turned_away_) news_("the server has no place yet: " + refusal.reason);
  turned_away_ = refusal.reason;
}

void WorkerMachine::take(Welcome welcome) {
  if (!greeted_) return;  // it has come before
  if (!(welcome.heartbeat >= shortest_heartbeat && welcome.heartbeat <= longest_heartbeat)) {
    throw MalformedMessage("the server wants a heartbeat every " +
                           std::to_string(welcome.heartbeat) + " s");
  }
  greeted_.reset();
  turned_away_.clear();
  hello_.incarnation = welcome.incarnation;
  hello_.job = 0;
  const ReplyDeadline::Seconds every(welcome.heartbeat);
  beats_.emplace(patience_with(every), longest_patience_with(every));
  heart_ = transport_.pulse(
      every, [this] { transport_.send({encode(WorkerSays(Heartbeat{taken_.load()}))}); });
  news_("taking part as worker " + std::to_string(welcome.worker));
  welcome_ = std::move(welcome);
}

void WorkerMachine::prepare() {
  const Welcome welcome = *std::exchange(welcome_, std::nullopt);
  session_ = make_worker_session(transport_, workshop_, welcome, data_folder_);
  follower_ = workshop_.follow(*session_);
}

void WorkerMachine::look_up() {
  const auto now = transport_.now();
  if (now - awake_ > longest_nap) {
    // It was stopped itself, or busy with its model: what has come has yet to be looked at.
    heard_ = now;
    if (greeted_) greeted_ = now;
  }
  awake_ = now;
  const auto give_up = [&](const char* what, std::chrono::duration<double> silence) {
    news_("the server " + std::string(what) + " for " + std::to_string(silence.count()) +
          " s; connecting anew");
    end_session();
    gave_up_ = true;
    transport_.reconnect();
  };
  if (greeted_ && now - *greeted_ > welcomes_.value()) {
    return give_up("has not answered", now - *greeted_);
  }
  if (beats_ && now - heard_ > beats_->value()) give_up("has been silent", now - heard_);
}

}  // namespace syncline
