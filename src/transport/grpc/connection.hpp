#pragma once

#include <memory>

#include "transport/grpc/hub.hpp"
#include "transport/grpc/queued_call.hpp"
#include "transport/grpc/stream.hpp"

namespace syncline {

/// A call at the server: waited for, and then a worker's connection, or refused.
class Connection final : public Stream<QueuedServerCall> {
 public:
  /// Waits for the next call, unless the server is about to end. The connection holds itself.
  static void await(const std::shared_ptr<Hub>& hub, grpc::AsyncGenericService& service);

  Connection(std::shared_ptr<Hub> hub, grpc::AsyncGenericService& service)
      : Stream(hub->settings(), hub->settings().largest_hello),
        hub_(std::move(hub)),
        service_(service) {}

  // NOLINTBEGIN(readability-identifier-naming): gRPC names its reactions.
  void OnCalled() override;
  void OnCancel() override;
  void OnDone() override;
  // NOLINTEND(readability-identifier-naming)

 private:
  Landing landing_for(std::size_t length) override { return hub_->landings().ask(peer_, length); }
  void arrived(std::vector<std::byte> bytes, Landing landing) override {
    hub_->put(peer_, Hub::Kind::message, std::move(bytes), std::move(landing));
  }
  void progressed() override { hub_->put(peer_, Hub::Kind::alive); }
  void over(bool at_once, const Fault& fault) override;
  /// Takes a place among the connections; says why if there is none.
  grpc::Status enter();
  grpc::Status refuse(grpc::StatusCode code, const std::string& kind, const std::string& text);

  std::shared_ptr<Hub> hub_;
  grpc::AsyncGenericService& service_;
  Peer peer_ = 0;  ///< of no connection
  grpc::Status status_;
  std::shared_ptr<Connection> self_;  ///< until gRPC is done with it
};

}  // namespace syncline
