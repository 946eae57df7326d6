#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "transport/mpi/frame.hpp"
#include "transport/mpi/stars.hpp"
#include "transport/transport.hpp"

namespace syncline {

class Lane;

/// Whether the launcher lets the other ranks live when one dies: mpirun --enable-recovery, which
/// tells the ranks so by its variable in their environment.
[[nodiscard]] bool survives_deaths();

/// This process's use of MPI, by one thread at a time (MPI_THREAD_SERIALIZED). Who posts a frame
/// sends it, and who waits for one does MPI's work meanwhile: no frame waits until another thread
/// wakes up. While all of them are busy a thread of its own does it: transfers get ahead, arrivals
/// get their times, and the other ranks hear that this one lives. That thread alone begins and ends
/// MPI. All functions may be called from any thread.
class MpiLoop {
 public:
  using Clock = std::chrono::steady_clock;
  using Seconds = std::chrono::duration<double>;

  /// How the thread ends.
  enum class Ending {
    finalize,  ///< MPI_Finalize, which waits for all ranks
    abort,     ///< MPI_Abort, which ends those that the launcher can reach
    exit,      ///< ends this process, with 0, unless an abort comes first
    none       ///< without a word to MPI: the launcher takes that for a failure
  };

  /// Returns once MPI is there. `shards`: as in Stars. Throws TransportError if it has no thread
  /// support.
  explicit MpiLoop(int shards = 0);
  ~MpiLoop();  ///< as end(none) where it has not been called
  MpiLoop(const MpiLoop&) = delete;
  MpiLoop& operator=(const MpiLoop&) = delete;

  [[nodiscard]] int rank() const { return stars_.rank; }
  [[nodiscard]] int ranks() const { return ranks_; }
  [[nodiscard]] const Stars& stars() const { return stars_; }

  void post(int rank, FrameKind kind, std::uint32_t connection = 0, OutgoingMessage message = {});
  /// The next frame of a star; nullopt if none comes until then. By one thread at a time for each.
  std::optional<Frame> take(int star, Clock::time_point deadline);
  /// Where the bodies of a star's messages are wanted, by rank, connection and length of the
  /// message. Once this returns, no call of what was set before lasts.
  using LandingOf = std::function<Landing(int, std::uint32_t, std::size_t)>;
  void land_at(int star, LandingOf landing_of);
  /// A number that no other connection of this rank has.
  [[nodiscard]] std::uint32_t new_connection() { return ++last_connection_; }

  /// For how long nothing has come of that rank while this process listened: the time that this one
  /// was stopped does not count.
  [[nodiscard]] Seconds silence(int rank) const;
  /// Whether it has said FrameKind::leave.
  [[nodiscard]] bool has_left(int rank) const;
  /// The same of all workers.
  [[nodiscard]] bool workers_have_left() const;
  /// Whether rank 0 has said FrameKind::over.
  [[nodiscard]] bool is_over() const;

  /// Sends what has been posted, as far as the others take it within two seconds, and ends.
  /// `status`: of an abort.
  void end(Ending ending, int status = 0);

 private:
  /// How often a rank says that it is alive.
  static constexpr std::chrono::seconds pulse{1};

  struct Outgoing {
    int rank;
    FrameKind kind;
    std::uint32_t connection;
    OutgoingMessage message;
  };
  struct Other {
    Seconds heard{0};  ///< by listened_
    bool left = false;
  };

  void run();
  /// Does MPI's work until there is a frame of that star, with the lock held in between.
  void attend(const std::deque<Frame>& inbox, Clock::time_point deadline,
              std::unique_lock<std::mutex>& lock);
  /// While nobody attends to it.
  void stand_in();
  // By whoever has the turn.
  bool step(Clock::time_point now);
  bool post_outgoing();
  bool find_arrivals();
  void tell_of_life();
  void deliver(Frame&& frame);
  void hear(int rank);
  [[nodiscard]] bool transferring() const;
  class Patience;
  /// Does MPI's work once; returns how long to rest then. Without the mutex.
  std::chrono::microseconds take_turn(Clock::time_point now, Patience& patience);
  void flush();
  void finish();

  Stars stars_;
  int ranks_ = 0;
  std::atomic<std::uint32_t> last_connection_{0};

  std::mutex turn_;  ///< who has it may call MPI; taken before mutex_, if both are
  std::vector<std::unique_ptr<Lane>> lanes_;  ///< by rank
  Clock::time_point last_step_, last_pulse_;
  std::vector<LandingOf> landings_;  ///< by star
  std::vector<Outgoing> outgoing_;   ///< room for what is being sent; empty in between
  bool over_ = false;                ///< nothing is sent any more

  mutable std::mutex mutex_;                  ///< of all that follows
  std::condition_variable posted_, arrived_;  ///< waited for by the thread, and in take()
  std::vector<Outgoing> outbox_;
  std::vector<std::deque<Frame>> inboxes_;  ///< by star
  std::vector<Other> others_;
  Seconds listened_{0};
  bool attended_ = false;  ///< by somebody who waits in take()
  bool is_over_ = false;
  bool ready_ = false;
  std::string failure_;
  std::optional<Ending> ending_;
  int status_ = 0;
  std::thread thread_;
};

}  // namespace syncline
