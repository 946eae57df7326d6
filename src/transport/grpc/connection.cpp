#include "transport/grpc/connection.hpp"

#include "transport/grpc/credentials.hpp"

namespace syncline {
namespace {

/// "ipv4:127.0.0.1:41234" -> "127.0.0.1:41234"; "ipv6:%5B::1%5D:41234" -> "[::1]:41234"
std::string name_of(const std::string& peer) {
  std::string name = peer.substr(peer.find(':') + 1);
  for (const auto& [code, sign] : {std::pair("%5B", "["), std::pair("%5D", "]")}) {
    if (const auto at = name.find(code); at != std::string::npos) name.replace(at, 3, sign);
  }
  return name;
}

}  // namespace

void Connection::await(const std::shared_ptr<Hub>& hub, grpc::AsyncGenericService& service) {
  if (!hub->begin_call()) return;
  const auto connection = std::make_shared<Connection>(hub, service);
  connection->self_ = connection;
  connection->StartWaiting(service, hub->queue());
}

// NOLINTBEGIN(readability-identifier-naming)
void Connection::OnCalled() {
  await(hub_, service_);
  const std::lock_guard lock(mutex_);
  if (ended()) return;
  status_ = enter();
  if (!status_.ok()) return end(false);
  context_.AddInitialMetadata(connected_key, "1");
  StartSendInitialMetadata();
  read();
}

void Connection::OnCancel() {
  const std::lock_guard lock(mutex_);
  end(false);
}

void Connection::OnDone() {
  const auto hub = hub_;
  self_.reset();  // and this with it, unless somebody is about to send
  hub->end_call();
}
// NOLINTEND(readability-identifier-naming)

void Connection::over(bool at_once, const Fault& fault) {
  hub_->put(peer_, Hub::Kind::left, {}, {}, fault);
  if (at_once) context_.TryCancel();
  Finish(status_);
}

grpc::Status Connection::enter() {
  if (context_.method() != connect_method) {
    return refuse(grpc::StatusCode::UNIMPLEMENTED, "unknown method",
                  "a Syncline server has no such method");
  }
  const auto peer = hub_->enter(self_, name_of(context_.peer()));
  if (!peer) {
    return refuse(grpc::StatusCode::RESOURCE_EXHAUSTED, "too many connections",
                  "too many connections");
  }
  peer_ = *peer;
  return grpc::Status::OK;
}

grpc::Status Connection::refuse(grpc::StatusCode code, const std::string& kind,
                                const std::string& text) {
  hub_->refuse({kind, name_of(context_.peer()) + ": " + text});
  return {code, text};
}

}  // namespace syncline
