#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "chaos/drill_fleet.hpp"
#include "chaos/notice_book.hpp"
#include "chaos/strangers.hpp"

namespace syncline {

/// A fault that was carried out.
struct MadeFault {
  PlannedFault planned;
  double time = 0;  ///< when; `planned.time` or later
  /// of_worker: the number under which the server counted on the worker just then, or `nobody`.
  std::uint32_t seat = DrillFleet::nobody;
};

/// A kill of the server, and what it cost.
struct ServerRestart {
  std::optional<std::uint64_t> resumed;  ///< the update at which it went on, once it has said so
  std::uint64_t seen = 0;        ///< the last update that its metrics, or its log, had shown before
  double down = 0;               ///< seconds from the kill until it listened again
  std::optional<double> all_up;  ///< and from there until all workers were there
};

/// Carries out a plan: each fault when its time has come and its target is there to be struck, and
/// what mends it after that. Faults of one target keep their order. For the main thread.
class FaultInjector {
 public:
  using Clock = std::chrono::steady_clock;

  /// The references must outlive this. `say`: told of each fault as it is made.
  FaultInjector(const std::vector<PlannedFault>& plan, DrillFleet& fleet, DrillNetwork& network,
                Strangers& strangers, std::function<void(const MadeFault&)> say);

  /// The times of the plan count from now.
  void begin(Clock::time_point now);
  void poll(Clock::time_point now);
  /// Everything is mended, and nothing more happens.
  void end();
  /// Of the fleet: a worker is there, the one of this number is gone, the server goes on.
  void up(Clock::time_point now);
  void down(std::uint32_t seat, Clock::time_point now) { notices_.noticed(seat, now); }
  void resumed(std::uint64_t update) {
    if (!restarts_.empty()) restarts_.back().resumed = update;
  }

  /// Faults that were not made yet.
  [[nodiscard]] std::size_t left() const;
  /// Whether all were made and mended.
  [[nodiscard]] bool done() const { return left() == 0 && repairs_.empty() && !server_struck_; }
  [[nodiscard]] const std::vector<MadeFault>& made() const { return made_; }
  [[nodiscard]] const NoticeBook& notices() const { return notices_; }
  [[nodiscard]] const std::vector<ServerRestart>& restarts() const { return restarts_; }

 private:
  struct Repair {
    Clock::time_point due;
    PlannedFault fault;
    std::uint32_t seat;
  };
  /// All that strike the same, in order of time.
  using Queue = std::deque<PlannedFault>;

  [[nodiscard]] bool can_strike(const PlannedFault& fault) const;
  void strike(const PlannedFault& fault, Clock::time_point now);
  void repair(const Repair& repair);
  void kill_server(Clock::time_point now);
  /// The server's update by its metrics; 0 if it has none, or does not answer.
  [[nodiscard]] std::uint64_t measured_update() const;
  void watch_server(Clock::time_point now);

  DrillFleet& fleet_;
  DrillNetwork& network_;
  Strangers& strangers_;
  std::function<void(const MadeFault&)> say_;
  std::vector<Queue> queues_;  ///< of the workers, then the server's, then the strangers'
  std::vector<bool> struck_;
  bool server_struck_ = false;
  std::vector<Repair> repairs_;
  std::optional<Clock::time_point> begun_, server_killed_, server_back_;
  std::vector<MadeFault> made_;
  NoticeBook notices_;
  std::vector<ServerRestart> restarts_;
};

}  // namespace syncline
