#include <atomic>

#include "transport/mpi/ends.hpp"
#include "transport/mpi/mpi_job.hpp"
#include "transport/mpi/mpi_loop.hpp"

namespace syncline {
namespace {

using Clock = std::chrono::steady_clock;
using Kind = IncomingMessage::Kind;

class WorkerEnd final : public WorkerTransport {
 public:
  WorkerEnd(MpiLoop& loop, int server) : loop_(loop), server_(server) {}
  ~WorkerEnd() override {
    loop_.land_at(server_, nullptr);
    if (connection_ != 0) loop_.post(server_, FrameKind::closed, connection_);
  }
  WorkerEnd(const WorkerEnd&) = delete;
  WorkerEnd& operator=(const WorkerEnd&) = delete;

  void send(OutgoingMessage message) override {
    const std::uint32_t connection = connection_;
    if (connection == 0) return;
    loop_.post(server_, FrameKind::message, connection, std::move(message));
  }

  std::optional<IncomingMessage> receive(Clock::time_point deadline) override {
    // Not earlier: after `left` the owner first ends whatever still sends for the old connection.
    if (connection_ == 0) return open();
    if (gives_up_) return left(Clock::now());
    for (;;) {
      auto frame = loop_.take(server_, deadline);
      if (!frame) {
        if (loop_.silence(server_) > longest_silence_of_server) {
          throw TransportError(
              (server_ == 0 ? "the server (rank 0)" : "the shard, " + rank_name(server_) + ",") +
              " is gone: it has been silent for " +
              std::to_string(longest_silence_of_server.count()) + " s");
        }
        return std::nullopt;
      }
      if (frame->kind == FrameKind::over) throw MpiJobOver();
      if (frame->kind == FrameKind::alive) return alive(frame->time);
      if (frame->connection != connection_) continue;
      if (frame->kind == FrameKind::closed) return left(frame->time);
      if (frame->kind != FrameKind::message) continue;
      IncomingMessage incoming;
      incoming.time = frame->time;
      incoming.bytes = std::move(frame->bytes);
      incoming.landing = std::move(frame->landing);
      return incoming;
    }
  }

  void reconnect() override { gives_up_ = true; }

  void land_at(LandingFor landing_for) override {
    if (!landing_for) return loop_.land_at(server_, nullptr);
    loop_.land_at(server_,
                  [landing_for = std::move(landing_for)](int, std::uint32_t, std::size_t length) {
                    return landing_for(0, length);
                  });
  }

 private:
  IncomingMessage left(Clock::time_point time) {
    gives_up_ = false;
    connection_ = 0;
    IncomingMessage incoming;
    incoming.kind = Kind::left;
    incoming.time = time;
    return incoming;
  }
  static IncomingMessage alive(Clock::time_point time) {
    IncomingMessage incoming;
    incoming.kind = Kind::alive;
    incoming.time = time;
    return incoming;
  }
  IncomingMessage open() {
    connection_ = loop_.new_connection();
    loop_.post(server_, FrameKind::open, connection_);
    IncomingMessage incoming;
    incoming.kind = Kind::joined;
    incoming.time = Clock::now();
    return incoming;
  }

  MpiLoop& loop_;
  int server_;
  bool gives_up_ = false;                     ///< the connection is to be left
  std::atomic<std::uint32_t> connection_{0};  ///< that is open; 0: none
};

}  // namespace

std::unique_ptr<WorkerTransport> make_worker_end(MpiLoop& loop, int server) {
  return std::make_unique<WorkerEnd>(loop, server);
}

}  // namespace syncline
