#include "transport/grpc/hub.hpp"

#include <algorithm>
#include <thread>

namespace syncline {
namespace {

/// As many as gRPC takes where it has threads of its own.
unsigned hands() { return std::clamp(std::thread::hardware_concurrency() / 2, 2U, 16U); }

}  // namespace

Hub::Hub(const GrpcSettings& settings, std::unique_ptr<grpc::ServerCompletionQueue> queue)
    : settings_(settings),
      queue_(*queue),
      pump_(std::make_unique<Pump>(std::move(queue), hands())) {}

bool Hub::begin_call() {
  const std::lock_guard lock(mutex_);
  if (!closing_) ++calls_;
  return !closing_;
}

void Hub::end_call() {
  const std::lock_guard lock(mutex_);
  --calls_;
  over_.notify_all();
}

std::optional<Peer> Hub::enter(std::shared_ptr<Connection> connection, const std::string& name) {
  const std::lock_guard lock(mutex_);
  if (closing_ || connections_.size() >= settings_.most_connections) return std::nullopt;
  const Peer peer = next_++;
  connections_[peer] = std::move(connection);
  names_[peer] = name;
  append({Kind::joined, peer, Clock::now(), {}});
  pump_->set_all_hands(crowded());
  return peer;
}

void Hub::put(Peer peer, Kind kind, std::vector<std::byte> bytes, Landing landing, Fault fault) {
  const std::lock_guard lock(mutex_);
  if (!connections_.contains(peer)) return;
  append({kind, peer, Clock::now(), std::move(bytes), std::move(landing), std::move(fault)});
}

void Hub::refuse(Fault fault) {
  const std::lock_guard lock(mutex_);
  append({Kind::refused, 0, Clock::now(), {}, {}, std::move(fault)});
}

void Hub::append(IncomingMessage message) {
  inbox_.push_back(std::move(message));
  has_mail_ = true;
  filled_.notify_one();
}

std::optional<Hub::Taken> Hub::take(Clock::time_point deadline) {
  std::unique_lock lock(mutex_);
  for (const Peer peer : forgotten_) names_.erase(peer);
  forgotten_.clear();
  while (await_mail(lock, deadline)) {
    Taken taken = {std::move(inbox_.front()), nullptr};
    inbox_.pop_front();
    has_mail_ = !inbox_.empty();
    if (taken.message.kind == Kind::refused) return taken;
    const auto found = connections_.find(taken.message.peer);
    if (found == connections_.end()) continue;  // of one that was closed
    taken.connection = found->second;
    if (taken.message.kind == Kind::left) drop(taken.message.peer);
    return taken;
  }
  return std::nullopt;
}

bool Hub::await_mail(std::unique_lock<std::mutex>& lock, Clock::time_point deadline) {
  while (inbox_.empty()) {
    const auto now = Clock::now();
    if (now >= deadline) return false;
    if (!crowded()) {
      lock.unlock();
      pump_->turn(deadline, [&] { return has_mail_.load(); });
      lock.lock();
      continue;
    }
    lock.unlock();
    watch_.look([&] { return has_mail_.load(); });
    lock.lock();
    filled_.wait_until(lock, deadline, [&] { return !inbox_.empty(); });
    watch_.came();
  }
  return true;
}

std::shared_ptr<Connection> Hub::find(Peer peer) const {
  const std::lock_guard lock(mutex_);
  const auto found = connections_.find(peer);
  return found == connections_.end() ? nullptr : found->second;
}

std::shared_ptr<Connection> Hub::forget(Peer peer) {
  const std::lock_guard lock(mutex_);
  return drop(peer);
}

std::shared_ptr<Connection> Hub::drop(Peer peer) {
  const auto found = connections_.find(peer);
  if (found == connections_.end()) return nullptr;
  auto connection = std::move(found->second);
  connections_.erase(found);
  forgotten_.push_back(peer);
  pump_->set_all_hands(crowded());
  return connection;
}

std::string Hub::name(Peer peer) const {
  const std::lock_guard lock(mutex_);
  if (peer == 0) return "somebody";
  const auto found = names_.find(peer);
  return found == names_.end() ? "connection " + std::to_string(peer) : found->second;
}

std::vector<std::shared_ptr<Connection>> Hub::close() {
  std::vector<std::shared_ptr<Connection>> open;
  const std::lock_guard lock(mutex_);
  closing_ = true;
  for (auto& [peer, connection] : connections_) open.push_back(std::move(connection));
  connections_.clear();
  pump_->set_all_hands(true);
  return open;
}

void Hub::finish() {
  {
    std::unique_lock lock(mutex_);
    over_.wait(lock, [&] { return calls_ == 0; });
  }
  pump_.reset();
}

}  // namespace syncline
