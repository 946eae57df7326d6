#include "transport/mpi/mpi_job.hpp"

#include "transport/mpi/ends.hpp"
#include "transport/mpi/mpi_loop.hpp"

namespace syncline {
namespace {

using namespace std::chrono_literals;
using Clock = MpiLoop::Clock;
using Ending = MpiLoop::Ending;

/// Of a rank that is then taken for dead or stopped. Ranks say every second that they are alive.
constexpr auto longest_silence_at_end = 5s;
/// Of a rank that is alive, but does not come to the end of its job.
constexpr auto longest_wait_at_end = 60s;
/// The same where a rank is known to end.
constexpr auto longest_silence_of_the_living = 3s;
constexpr auto look_up = 20ms;

/// Of rank 0, or at rank 0; nullopt if none comes for a while.
std::optional<Frame> next_frame(MpiLoop& loop) {
  return loop.take(loop.stars().star_with(0), Clock::now() + look_up);
}

/// Waits until all others have left; false if somebody will not.
bool all_leave(MpiLoop& loop) {
  const auto deadline = Clock::now() + longest_wait_at_end;
  for (int rank = 1; rank < loop.ranks(); ++rank) {
    while (!loop.has_left(rank)) {
      if (loop.silence(rank) > longest_silence_at_end || Clock::now() > deadline) return false;
      static_cast<void>(next_frame(loop));
    }
  }
  return true;
}

/// Waits until the ranks that were told to exit have done so. Under mpirun --enable-recovery
/// (Open MPI 4.1) MPI_Abort ends only its own process, and mpirun then waits for ever if others end
/// after it; if they end before, it ends those that are stopped.
void wait_for_exits(MpiLoop& loop) {
  const auto deadline = Clock::now() + 4 * longest_silence_of_the_living;
  for (int rank = 1; rank < loop.ranks(); ++rank) {
    while (loop.silence(rank) < longest_silence_of_the_living && Clock::now() < deadline) {
      static_cast<void>(next_frame(loop));
    }
  }
}

/// The server's last word, or what to make of its silence.
Ending last_word(MpiLoop& loop) {
  while (loop.silence(0) < longest_silence_of_server) {
    const auto frame = next_frame(loop);
    if (frame && frame->kind == FrameKind::finalize) return Ending::finalize;
    if (frame && frame->kind == FrameKind::exit) return Ending::exit;
  }
  return Ending::exit;
}

void tell_all(MpiLoop& loop, FrameKind kind) {
  for (int rank = 1; rank < loop.ranks(); ++rank) loop.post(rank, kind);
}

}  // namespace

MpiJob::MpiJob(int shards) : loop_(std::make_unique<MpiLoop>(shards)) {}

MpiJob::~MpiJob() {
  if (!loop_) return;
  if (rank() == 0) {
    tell_all(*loop_, FrameKind::over);
    tell_all(*loop_, FrameKind::exit);
  }
}

int MpiJob::rank() const { return loop_->rank(); }
int MpiJob::ranks() const { return loop_->ranks(); }
bool MpiJob::is_shard() const { return loop_->stars().is_shard(rank()); }

std::unique_ptr<ServerTransport> MpiJob::server() { return make_server_end(*loop_); }
std::unique_ptr<WorkerTransport> MpiJob::worker() { return make_worker_end(*loop_, 0); }

std::unique_ptr<WorkerTransport> MpiJob::to_shard(const std::string& address) {
  for (int shard = 1; shard <= loop_->stars().shards; ++shard) {
    if (rank_name(shard) == address) return make_worker_end(*loop_, shard);
  }
  throw TransportError("no shard of this job is '" + address + "'");
}

std::vector<std::string> MpiJob::shards() const {
  std::vector<std::string> names;
  for (int shard = 1; shard <= loop_->stars().shards; ++shard) names.push_back(rank_name(shard));
  return names;
}

bool MpiJob::is_over() const {
  return loop_->is_over() || loop_->silence(0) > longest_silence_of_server;
}

void MpiJob::end(int status) {
  const std::unique_ptr<MpiLoop> loop = std::move(loop_);
  if (loop->rank() != 0) {
    loop->post(0, FrameKind::leave);
    return loop->end(last_word(*loop));
  }
  tell_all(*loop, FrameKind::over);
  const bool all = all_leave(*loop);
  tell_all(*loop, all ? FrameKind::finalize : FrameKind::exit);
  if (!all && survives_deaths()) wait_for_exits(*loop);
  loop->end(all ? Ending::finalize : Ending::abort, status);
}

}  // namespace syncline
