#pragma once

#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include "chaos/drill_fleet.hpp"
#include "chaos/notice_book.hpp"

namespace syncline {

/// The end of a server that went on later, and what it cost.
struct ServerRestart {
  std::optional<std::uint64_t> resumed;  ///< the update at which it went on, once it has said so
  std::uint64_t seen = 0;        ///< the last update that its metrics, or its log, had shown before
  double down = 0;               ///< seconds from the kill until it listened again
  std::optional<double> all_up;  ///< and from there until all workers were there
};

/// A time in which the server stood still.
struct ServerPause {
  FaultKind kind = FaultKind::server_stop;
  bool alone = true;       ///< nothing else was struck, so that workers hear nothing only for that
  std::uint64_t anew = 0;  ///< workers that lost patience meanwhile
};

/// The end of the server that a killed shard must bring about.
struct ShardDeath {
  double seconds = 0;  ///< until then
  bool named = false;  ///< in the server's last words
};

/// The faults of the server and its shards, and how it came back from them. For the main thread.
class ServerSide {
 public:
  using Clock = std::chrono::steady_clock;

  /// The references must outlive this. `notices`: told when the server can notice nothing.
  ServerSide(DrillFleet& fleet, const DrillNetwork& network, NoticeBook& notices)
      : fleet_(fleet), network_(network), notices_(notices) {}

  [[nodiscard]] bool can_strike(FaultKind kind) const;
  /// A fault of the server or a shard. `all_quiet`: no other fault is in effect.
  void strike(const PlannedFault& fault, bool all_quiet, Clock::time_point now);
  void repair(const PlannedFault& fault);
  /// A fault of another kind was made.
  void other_struck() {
    if (stopped_) pauses_.back().alone = false;
  }
  /// The server is told to end. When it has, it is started again, and all who left with it.
  void end_server();
  /// The server process has ended: whether it had to, since it was told so by end_server() or a
  /// shard of its is dead. Then it comes back.
  bool left(const ChildEnd& end, Clock::time_point now);
  void poll(Clock::time_point now);
  /// Nobody is to come back any more.
  void end() { workers_return_ = false; }

  // Of the fleet:
  /// A worker is there.
  void up(Clock::time_point now);
  /// The server goes on at this update.
  void resumed(std::uint64_t update) {
    if (!restarts_.empty()) restarts_.back().resumed = update;
  }
  /// A worker has lost patience.
  void anew() {
    if (stopped_) ++pauses_.back().anew;
  }

  /// Whether the server can see just now who is gone.
  [[nodiscard]] bool watches() const { return mended() && !stopped_ && !shard_stopped_; }
  /// Whether it is there, or stopped.
  [[nodiscard]] bool mended() const { return !gone_ && !ending_ && !dead_shard_; }
  /// Whether workers that it has sent home are to come back.
  [[nodiscard]] bool workers_return() const { return workers_return_; }
  /// Whether a server that is gone could go on.
  [[nodiscard]] bool has_checkpoint() const;
  [[nodiscard]] const std::vector<ServerRestart>& restarts() const { return restarts_; }
  [[nodiscard]] const std::vector<ServerPause>& pauses() const { return pauses_; }
  [[nodiscard]] const std::vector<ShardDeath>& shard_deaths() const { return shard_deaths_; }

 private:
  /// The update by its metrics; 0 if it has none, or does not answer.
  [[nodiscard]] std::uint64_t measured_update() const;
  void is_gone(Clock::time_point now, std::uint64_t seen);
  void look_whether_back(Clock::time_point now);

  DrillFleet& fleet_;
  const DrillNetwork& network_;
  NoticeBook& notices_;
  bool gone_ = false;  ///< and does not listen yet
  bool stopped_ = false, shard_stopped_ = false;
  bool ending_ = false;  ///< was told to, and has not yet
  bool workers_return_ = false;
  /// One that the server has not ended for yet, and since when.
  std::optional<std::pair<std::uint32_t, Clock::time_point>> dead_shard_;
  std::optional<Clock::time_point> went_, back_;
  std::vector<ServerRestart> restarts_;
  std::vector<ServerPause> pauses_;
  std::vector<ShardDeath> shard_deaths_;
};

}  // namespace syncline
