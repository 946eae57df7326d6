#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <grpcpp/generic/async_generic_service.h>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "transport/grpc/grpc_transport.hpp"
#include "transport/grpc/pump.hpp"
#include "transport/watch.hpp"

namespace syncline {

class Connection;

/// What all threads of a server share: who is connected, and what has come. Thread-safe, but that
/// take() is for the one thread that waits.
class Hub {
 public:
  using Clock = std::chrono::steady_clock;
  using Kind = IncomingMessage::Kind;

  Hub(const GrpcSettings& settings, std::unique_ptr<grpc::ServerCompletionQueue> queue);

  [[nodiscard]] const GrpcSettings& settings() const { return settings_; }
  [[nodiscard]] grpc::ServerCompletionQueue& queue() { return queue_; }
  [[nodiscard]] Landings& landings() { return landings_; }

  /// A call is about to be waited for; false if the server is about to end.
  [[nodiscard]] bool begin_call();
  void end_call();
  /// The number of a new connection; nullopt if there is no room for it.
  [[nodiscard]] std::optional<Peer> enter(std::shared_ptr<Connection> connection,
                                          const std::string& name);
  /// Something of a connection; lost if that was closed or is seen to be gone.
  void put(Peer peer, Kind kind, std::vector<std::byte> bytes = {}, Landing landing = {},
           Fault fault = {});
  /// Somebody was not let in.
  void refuse(Fault fault);

  /// What comes next, if something does until then, and whose it is: null for who is gone.
  struct Taken {
    IncomingMessage message;
    std::shared_ptr<Connection> connection;
  };
  [[nodiscard]] std::optional<Taken> take(Clock::time_point deadline);

  [[nodiscard]] std::shared_ptr<Connection> find(Peer peer) const;
  /// It lives on until gRPC is done with it.
  std::shared_ptr<Connection> forget(Peer peer);
  [[nodiscard]] std::string name(Peer peer) const;

  /// From now on nobody comes. Those who were connected.
  [[nodiscard]] std::vector<std::shared_ptr<Connection>> close();
  /// Waits until all calls are over; then nothing is polled any more.
  void finish();

 private:
  // All of these under the lock.
  std::shared_ptr<Connection> drop(Peer peer);
  void append(IncomingMessage message);
  /// What one connection brings, take() fetches itself.
  [[nodiscard]] bool crowded() const { return closing_ || connections_.size() > 1; }
  [[nodiscard]] bool await_mail(std::unique_lock<std::mutex>& lock, Clock::time_point deadline);

  const GrpcSettings settings_;
  grpc::ServerCompletionQueue& queue_;
  std::unique_ptr<Pump> pump_;
  Landings landings_;
  Watch watch_;

  mutable std::mutex mutex_;  ///< nothing of gRPC is called under it
  std::condition_variable filled_;
  std::condition_variable over_;
  std::deque<IncomingMessage> inbox_;
  std::atomic<bool> has_mail_{false};  ///< the inbox is not empty; may be read without the lock
  std::map<Peer, std::shared_ptr<Connection>> connections_;  ///< neither closed nor seen to be gone
  std::map<Peer, std::string> names_;                        ///< of these, and of the last to go
  std::vector<Peer> forgotten_;                              ///< whose names go next
  Peer next_ = 1;
  int calls_ = 0;  ///< that are not over, and the one that is waited for
  bool closing_ = false;
};

}  // namespace syncline
