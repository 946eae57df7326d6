#include "transport/mpi/mpi_loop.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <unistd.h>

#include "transport/mpi/lane.hpp"
#include "transport/transport_error.hpp"

namespace syncline {
namespace {

using Clock = MpiLoop::Clock;
using namespace std::chrono_literals;

/// After something has moved the thread only yields for this long: an answer is often near.
constexpr auto wakeful = 50us;
/// While bytes are on their way, longer, since they get on by MPI calls only; but not for ever:
/// the rank at the other end may be dead.
constexpr auto wakeful_in_transfer = 2ms;
/// Then it sleeps, longer each time. What is posted wakes it.
constexpr std::chrono::microseconds shortest_nap = 5us;
constexpr std::chrono::microseconds longest_nap = 200us;
/// A step that comes later than this after the last one: the process was stopped meanwhile.
constexpr MpiLoop::Seconds longest_step = 100ms;

constexpr auto patience_at_end = 2s;

}  // namespace

bool survives_deaths() {
  const char* value = std::getenv("OMPI_MCA_orte_enable_recovery");
  return value != nullptr && std::string_view("1tTyYe").find(value[0]) != std::string_view::npos;
}

MpiLoop::MpiLoop() : thread_([this] { run(); }) {
  std::unique_lock lock(mutex_);
  arrived_.wait(lock, [&] { return ready_; });
  if (failure_.empty()) return;
  lock.unlock();
  thread_.join();
  throw TransportError(failure_);
}

MpiLoop::~MpiLoop() {
  if (thread_.joinable()) end(Ending::none);
}

void MpiLoop::post(int rank, FrameKind kind, std::uint32_t connection, OutgoingMessage message) {
  {
    const std::lock_guard lock(mutex_);
    outbox_.push_back({rank, kind, connection, std::move(message)});
  }
  posted_.notify_one();
}

std::optional<Frame> MpiLoop::take(Clock::time_point deadline) {
  std::unique_lock lock(mutex_);
  arrived_.wait_until(lock, deadline, [&] { return !inbox_.empty(); });
  if (inbox_.empty()) return std::nullopt;
  std::optional<Frame> frame = std::move(inbox_.front());
  inbox_.pop_front();
  return frame;
}

MpiLoop::Seconds MpiLoop::silence(int rank) const {
  const std::lock_guard lock(mutex_);
  return listened_ - others_.at(static_cast<std::size_t>(rank)).heard;
}

bool MpiLoop::has_left(int rank) const {
  const std::lock_guard lock(mutex_);
  return others_.at(static_cast<std::size_t>(rank)).left;
}

bool MpiLoop::all_have_left() const {
  const std::lock_guard lock(mutex_);
  for (int rank = 0; rank < ranks_; ++rank) {
    if (rank != rank_ && !others_[static_cast<std::size_t>(rank)].left) return false;
  }
  return true;
}

void MpiLoop::end(Ending ending, int status) {
  {
    const std::lock_guard lock(mutex_);
    ending_ = ending;
    status_ = status;
  }
  posted_.notify_one();
  thread_.join();
}

void MpiLoop::run() {
  int provided = MPI_THREAD_SINGLE;
  MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided);
  MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
  MPI_Comm_size(MPI_COMM_WORLD, &ranks_);
  for (int rank = 0; rank < ranks_; ++rank) lanes_.push_back(std::make_unique<Lane>(rank));
  last_step_ = last_pulse_ = Clock::now();
  {
    const std::lock_guard lock(mutex_);
    others_.resize(lanes_.size());
    if (provided < MPI_THREAD_FUNNELED) failure_ = "this MPI can't be used beside threads";
    ready_ = true;
  }
  arrived_.notify_all();
  if (!failure_.empty()) return;

  auto last_move = Clock::now();
  auto nap = shortest_nap;
  std::unique_lock lock(mutex_);
  while (!ending_) {
    lock.unlock();
    const bool moved = step();
    const auto now = Clock::now();
    if (moved) last_move = now;
    const bool transfer = std::any_of(lanes_.begin(), lanes_.end(),
                                      [](const auto& lane) { return lane->transferring(); });
    const bool awake = now - last_move < (transfer ? wakeful_in_transfer : wakeful);
    if (awake) std::this_thread::yield();
    lock.lock();
    nap = awake ? shortest_nap : std::min(2 * nap, longest_nap);
    if (!awake) posted_.wait_for(lock, nap, [&] { return ending_ || !outbox_.empty(); });
  }
  lock.unlock();
  flush();
  finish();
}

bool MpiLoop::step() {
  const auto now = Clock::now();
  {
    const std::lock_guard lock(mutex_);
    listened_ += std::min<Seconds>(now - last_step_, longest_step);
  }
  last_step_ = now;
  if (now - last_pulse_ >= pulse) {
    last_pulse_ = now;
    tell_of_life();
  }
  bool moved = post_outgoing();
  moved |= find_arrivals();
  for (auto& lane : lanes_)
    moved |= lane->advance([this](Frame&& frame) { deliver(std::move(frame)); });
  return moved;
}

bool MpiLoop::post_outgoing() {
  std::deque<Outgoing> outbox;
  {
    const std::lock_guard lock(mutex_);
    outbox.swap(outbox_);
  }
  for (auto& frame : outbox) {
    lanes_[static_cast<std::size_t>(frame.rank)]->send(frame.kind, frame.connection,
                                                       std::move(frame.message));
  }
  return !outbox.empty();
}

bool MpiLoop::find_arrivals() {
  bool found = false;
  MPI_Message message = MPI_MESSAGE_NULL;
  MPI_Status status;
  // As many at once as there are ranks: then lanes have their turn, however much is coming.
  for (int i = 0; i < ranks_ && Lane::probe(message, status); ++i) {
    Lane& lane = *lanes_[static_cast<std::size_t>(status.MPI_SOURCE)];
    const bool waits = lane.receiving();
    lane.begin_arrival(message, status);
    hear(status.MPI_SOURCE);
    // What comes behind a long message will be known only after it; that it comes says enough.
    if (waits) deliver({FrameKind::alive, status.MPI_SOURCE, 0, Clock::now(), {}});
    found = true;
  }
  return found;
}

void MpiLoop::tell_of_life() {
  for (int rank = 0; rank < ranks_; ++rank) {
    Lane& lane = *lanes_[static_cast<std::size_t>(rank)];
    // The server tells everybody, the others tell the server. A rank that does not even take what
    // is on its way would only pile up more.
    if (rank == rank_ || (rank_ != 0 && rank != 0) || lane.sending()) continue;
    lane.send(FrameKind::alive, 0, {});
  }
}

void MpiLoop::hear(int rank) {
  const std::lock_guard lock(mutex_);
  others_[static_cast<std::size_t>(rank)].heard = listened_;
}

void MpiLoop::deliver(Frame&& frame) {
  {
    const std::lock_guard lock(mutex_);
    if (frame.kind == FrameKind::leave) others_[static_cast<std::size_t>(frame.rank)].left = true;
    inbox_.push_back(std::move(frame));
  }
  arrived_.notify_one();
}

void MpiLoop::flush() {
  const auto deadline = Clock::now() + patience_at_end;
  const auto sending = [&] {
    return std::any_of(lanes_.begin(), lanes_.end(),
                       [](const auto& lane) { return lane->sending(); });
  };
  do {
    if (!step()) std::this_thread::sleep_for(longest_nap);
  } while (sending() && Clock::now() < deadline);
}

void MpiLoop::finish() {
  // Requests that are not done stay where they are, in quarantine; MPI_Finalize does not mind.
  switch (*ending_) {
    case Ending::finalize:
      lanes_.clear();
      MPI_Finalize();
      return;
    case Ending::abort:
      std::fflush(nullptr);
      MPI_Abort(MPI_COMM_WORLD, status_);
      return;
    case Ending::exit:
      // Where the launcher lets the others live, the server waits until they have ended. Under any
      // other its MPI_Abort, which is near, must come first: a process that ends without
      // MPI_Finalize would count as the failure of the job.
      if (!survives_deaths()) std::this_thread::sleep_for(patience_at_end);
      std::fflush(nullptr);
      _exit(0);
    case Ending::none:
      return;
  }
}

}  // namespace syncline
