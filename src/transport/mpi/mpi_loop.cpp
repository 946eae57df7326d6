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

/// After something has moved a thread looks again at once for this long: an answer is often near.
constexpr auto watchful = 30us;
/// Then it yields in between; for longer than two ranks that nap need for an answer, or both would
/// nap for ever.
constexpr auto wakeful = 300us;
/// While bytes are on their way, longer, since they get on by MPI calls only; but not for ever:
/// the rank at the other end may be dead.
constexpr auto wakeful_in_transfer = 5ms;
/// A yield that takes longer: there are more threads than cores, and whoever naps is served sooner
/// than whoever yields.
constexpr auto crowded = 300us;
/// Then it sleeps, longer each time.
constexpr std::chrono::microseconds shortest_nap = 5us;
constexpr std::chrono::microseconds longest_nap = 200us;
/// How often the thread looks whether somebody waits in take().
constexpr auto attended_nap = 400us;
/// A step that comes later than this after the last one: the process was stopped meanwhile.
constexpr MpiLoop::Seconds longest_step = 100ms;

constexpr auto patience_at_end = 2s;

/// How long MPI_Init may take, where SYNCLINE_MPI_START_SECONDS says nothing else.
constexpr auto patience_at_start = 300s;

std::chrono::seconds start_limit() {
  const char* value = std::getenv("SYNCLINE_MPI_START_SECONDS");
  const int seconds = value == nullptr ? 0 : std::atoi(value);
  return seconds > 0 ? std::chrono::seconds(seconds) : patience_at_start;
}

/// MPI_Init returns at no rank before all have called it, so it never does if one has died.
[[noreturn]] void give_up_start(std::chrono::seconds limit) {
  std::fprintf(
      stderr,
      "syncline: MPI has not started within %lld s: has a process of the job died, or not "
      "come up? Start the job anew, or set SYNCLINE_MPI_START_SECONDS if it takes longer\n",
      static_cast<long long>(limit.count()));
  std::fflush(nullptr);
  // The thread that waits in MPI_Init can't be had back.
  std::_Exit(static_cast<int>(ExitCode::data));
}

}  // namespace

/// How long to wait before the next look: first by yielding, then by naps.
class MpiLoop::Patience {
 public:
  /// Zero: at once, perhaps after a yield. `transfer`: bytes are on their way.
  std::chrono::microseconds next(Clock::time_point now, bool moved, bool transfer) {
    if (moved) {
      last_move_ = now;
      return {};
    }
    if (now - last_move_ >= (transfer ? wakeful_in_transfer : wakeful)) {
      return nap_ = std::min(2 * nap_, longest_nap);
    }
    nap_ = shortest_nap;
    if (now - last_move_ < watchful) return {};
    const auto yielded = Clock::now();
    std::this_thread::yield();
    if (Clock::now() - yielded > crowded) last_move_ = now - wakeful_in_transfer;
    return {};
  }

 private:
  Clock::time_point last_move_ = Clock::now();
  std::chrono::microseconds nap_ = shortest_nap;
};

bool survives_deaths() {
  const char* value = std::getenv("OMPI_MCA_orte_enable_recovery");
  return value != nullptr && std::string_view("1tTyYe").find(value[0]) != std::string_view::npos;
}

MpiLoop::MpiLoop(int shards)
    : stars_{0, shards},
      landings_(static_cast<std::size_t>(shards) + 1),
      inboxes_(static_cast<std::size_t>(shards) + 1),
      thread_([this] { run(); }) {
  std::unique_lock lock(mutex_);
  const auto limit = start_limit();
  if (!arrived_.wait_for(lock, limit, [&] { return ready_; })) give_up_start(limit);
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
  const auto left_over = [&] {
    const std::lock_guard lock(mutex_);
    return !outbox_.empty();
  };
  do {
    const std::unique_lock turn(turn_, std::try_to_lock);
    if (!turn || over_) return;  // whoever has the turn looks here before it rests
    post_outgoing();
  } while (left_over());
}

std::chrono::microseconds MpiLoop::take_turn(Clock::time_point now, Patience& patience) {
  bool moved = false, transfer = false;
  {
    const std::lock_guard turn(turn_);
    moved = step(now);
    transfer = transferring();
  }
  return patience.next(now, moved, transfer);
}

std::optional<Frame> MpiLoop::take(int star, Clock::time_point deadline) {
  std::unique_lock lock(mutex_);
  std::deque<Frame>& inbox = inboxes_[static_cast<std::size_t>(star)];
  while (inbox.empty()) {
    if (attended_) {
      // Somebody waits for another star; then it is the turn of one of those who still wait.
      if (arrived_.wait_until(lock, deadline, [&] { return !inbox.empty() || !attended_; })) {
        continue;
      }
      return std::nullopt;
    }
    attended_ = true;
    attend(inbox, deadline, lock);
    attended_ = false;
    arrived_.notify_all();
    if (inbox.empty()) return std::nullopt;
  }
  std::optional<Frame> frame = std::move(inbox.front());
  inbox.pop_front();
  return frame;
}

void MpiLoop::attend(const std::deque<Frame>& inbox, Clock::time_point deadline,
                     std::unique_lock<std::mutex>& lock) {
  Patience patience;
  for (;;) {
    lock.unlock();
    // Read once for all that a turn needs it for: a turn takes hardly longer than that.
    const auto now = Clock::now();
    const auto nap = take_turn(now, patience);
    lock.lock();
    if (!inbox.empty() || now >= deadline) return;
    if (nap == 0us) continue;
    const auto rest = std::min<Clock::duration>(nap, deadline - now);
    arrived_.wait_for(lock, rest, [&] { return !inbox.empty() || !outbox_.empty(); });
  }
}

void MpiLoop::land_at(int star, LandingOf landing_of) {
  const std::lock_guard turn(turn_);
  landings_[static_cast<std::size_t>(star)] = std::move(landing_of);
}

MpiLoop::Seconds MpiLoop::silence(int rank) const {
  const std::lock_guard lock(mutex_);
  return listened_ - others_.at(static_cast<std::size_t>(rank)).heard;
}

bool MpiLoop::has_left(int rank) const {
  const std::lock_guard lock(mutex_);
  return others_.at(static_cast<std::size_t>(rank)).left;
}

bool MpiLoop::workers_have_left() const {
  const std::lock_guard lock(mutex_);
  return std::all_of(others_.begin() + std::min(stars_.shards + 1, ranks_), others_.end(),
                     [](const Other& worker) { return worker.left; });
}

bool MpiLoop::is_over() const {
  const std::lock_guard lock(mutex_);
  return is_over_;
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
  MPI_Init_thread(nullptr, nullptr, MPI_THREAD_SERIALIZED, &provided);
  MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
  MPI_Comm_rank(MPI_COMM_WORLD, &stars_.rank);
  MPI_Comm_size(MPI_COMM_WORLD, &ranks_);
  for (int rank = 0; rank < ranks_; ++rank) {
    lanes_.push_back(std::make_unique<Lane>(rank, [this, rank](auto connection, auto length) {
      const auto& landing_of = landings_[static_cast<std::size_t>(stars_.star_with(rank))];
      return landing_of ? landing_of(rank, connection, length) : Landing();
    }));
  }
  last_step_ = last_pulse_ = Clock::now();
  {
    const std::lock_guard lock(mutex_);
    others_.resize(lanes_.size());
    if (provided < MPI_THREAD_SERIALIZED) failure_ = "this MPI can't be used beside threads";
    ready_ = true;
  }
  arrived_.notify_all();
  if (!failure_.empty()) return;

  stand_in();
  const std::lock_guard turn(turn_);
  flush();
  over_ = true;
  finish();
}

void MpiLoop::stand_in() {
  Patience patience;
  std::unique_lock lock(mutex_);
  while (!ending_) {
    if (attended_) {
      posted_.wait_for(lock, attended_nap, [&] { return ending_.has_value(); });
      continue;
    }
    lock.unlock();
    const auto nap = take_turn(Clock::now(), patience);
    lock.lock();
    if (nap > 0us) posted_.wait_for(lock, nap, [&] { return ending_ || !outbox_.empty(); });
  }
}

bool MpiLoop::transferring() const {
  return std::any_of(lanes_.begin(), lanes_.end(),
                     [](const auto& lane) { return lane->transferring(); });
}

bool MpiLoop::step(Clock::time_point now) {
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
  {
    const std::lock_guard lock(mutex_);
    if (outbox_.empty()) return false;
    outgoing_.swap(outbox_);
  }
  for (auto& frame : outgoing_) {
    lanes_[static_cast<std::size_t>(frame.rank)]->send(frame.kind, frame.connection,
                                                       std::move(frame.message));
  }
  outgoing_.clear();
  return true;
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
    // A rank that does not even take what is on its way would only pile up more.
    if (!stars_.linked(rank) || lane.sending()) continue;
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
    if (frame.kind == FrameKind::over && frame.rank == 0) is_over_ = true;
    const int star = stars_.star_with(frame.rank);
    inboxes_[static_cast<std::size_t>(star)].push_back(std::move(frame));
  }
  arrived_.notify_all();
}

void MpiLoop::flush() {
  const auto deadline = Clock::now() + patience_at_end;
  const auto sending = [&] {
    return std::any_of(lanes_.begin(), lanes_.end(),
                       [](const auto& lane) { return lane->sending(); });
  };
  do {
    if (!step(Clock::now())) std::this_thread::sleep_for(longest_nap);
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
