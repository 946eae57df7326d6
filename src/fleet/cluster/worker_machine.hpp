#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "fleet/cluster/reply_deadline.hpp"
#include "fleet/cluster/worker_session.hpp"

namespace syncline {

/// The worker's side of the protocol (docs/protocol.md), from the first hello to the goodbye,
/// through losses of the connection. It has no threads and no clock of its own: whoever drives it
/// hands it what has come, and the transport says what time it is. Not thread-safe.
class WorkerMachine {
 public:
  /// Told what happens, in words.
  using News = std::function<void(const std::string&)>;

  /// Transport and workshop must outlive this. `data_folder` replaces the run's, if not empty.
  WorkerMachine(WorkerTransport& transport, Workshop& workshop, std::string token,
                std::string data_folder, News news);
  ~WorkerMachine();

  /// What has come. Throws ConfigError if the server refuses the worker for good, and
  /// MalformedMessage.
  void take(const IncomingMessage& incoming);
  /// Nothing has come up to now: ends a connection whose other end does not reply.
  void look_up();
  /// Whether it has been welcomed, and prepare() is to be called before anything else is taken.
  [[nodiscard]] bool welcomed() const { return welcome_.has_value(); }
  /// Makes model and data, which may take long. Throws ConfigError and DataError.
  void prepare();
  /// Why the run is over, once it is.
  [[nodiscard]] const std::optional<std::string>& ending() const { return ending_; }

 private:
  using Time = std::chrono::steady_clock::time_point;

  void take(const Refusal& refusal);
  void take(Welcome welcome);
  void end_session();

  WorkerTransport& transport_;
  Workshop& workshop_;
  std::string token_, data_folder_;
  News news_;

  bool gave_up_ = false;            ///< this connection, whose `left` is still to come
  std::string turned_away_;         ///< why, since the last welcome; empty: it was not
  std::optional<Welcome> welcome_;  ///< to be prepared for
  std::optional<std::string> ending_;
  Time awake_;                          ///< when this process did something last
  Time heard_;                          ///< when the server gave its last sign of life
  std::optional<Time> greeted_;         ///< when the hello was sent that has no answer yet
  std::optional<Time> last_beat_;       ///< of the server, in this session
  ReplyDeadline welcomes_;              ///< for the answer to a hello
  std::optional<ReplyDeadline> beats_;  ///< for the next sign of life; none before the welcome
  Hello hello_;                         ///< the next one
  /// 1 + the last job that has come in this session; 0: none.
  std::atomic<std::uint64_t> taken_{0};

  std::unique_ptr<Pulse> heart_;
  std::unique_ptr<WorkerSession> session_;
  std::unique_ptr<Pulse> follower_;  ///< of the session
};

}  // namespace syncline
