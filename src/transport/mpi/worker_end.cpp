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
  explicit WorkerEnd(MpiLoop& loop) : loop_(loop) {}

  void send(OutgoingMessage message) override {
    const std::uint32_t connection = connection_;
    if (connection == 0) return;
    loop_.post(0, FrameKind::message, connection, std::move(message));
  }

  std::optional<IncomingMessage> receive(Clock::time_point deadline) override {
    // Not earlier: after `left` the owner first ends whatever still sends for the old connection.
    if (connection_ == 0) return open();
    for (;;) {
      auto frame = loop_.take(deadline);
      if (!frame) {
        if (loop_.silence(0) > longest_silence_of_server) {
          throw TransportError("the server (rank 0) is gone: it has been silent for " +
                               std::to_string(longest_silence_of_server.count()) + " s");
        }
        return std::nullopt;
      }
      if (frame->kind == FrameKind::over) throw MpiJobOver();
      if (frame->connection != connection_) continue;
      IncomingMessage incoming;
      incoming.time = frame->time;
      if (frame->kind == FrameKind::closed) {
        incoming.kind = Kind::left;
        connection_ = 0;
        return incoming;
      }
      if (frame->kind != FrameKind::message) continue;
      incoming.bytes = std::move(frame->bytes);
      return incoming;
    }
  }

 private:
  IncomingMessage open() {
    connection_ = ++last_;
    loop_.post(0, FrameKind::open, connection_);
    IncomingMessage incoming;
    incoming.kind = Kind::joined;
    incoming.time = Clock::now();
    return incoming;
  }

  MpiLoop& loop_;
  std::uint32_t last_ = 0;
  std::atomic<std::uint32_t> connection_{0};  ///< that is open; 0: none
};

}  // namespace

std::unique_ptr<WorkerTransport> make_worker_end(MpiLoop& loop) {
  return std::make_unique<WorkerEnd>(loop);
}

}  // namespace syncline
