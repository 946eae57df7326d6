#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "chaos/server_side.hpp"
#include "chaos/strangers.hpp"

namespace syncline {

/// A fault that was carried out.
struct MadeFault {
  PlannedFault planned;
  double time = 0;  ///< when; `planned.time` or later
  /// Of a worker: the number under which the server counted on it just then, or `nobody`.
  std::uint32_t seat = DrillFleet::nobody;
};

/// Carries out a plan: each fault when its time has come and its target is there to be struck, and
/// what mends it after that. Faults of one target keep their order. For the main thread.
class FaultInjector {
 public:
  using Clock = std::chrono::steady_clock;

  /// The references must outlive this. `say`: told of each fault as it is made. Faults at steps are
  /// left to whoever finds the steps.
  FaultInjector(const std::vector<PlannedFault>& plan, DrillFleet& fleet, DrillNetwork& network,
                Strangers& strangers, std::function<void(const MadeFault&)> say);

  /// The times of the plan count from now.
  void begin(Clock::time_point now);
  void poll(Clock::time_point now);
  /// Makes a fault now. Its target must be there.
  void strike(PlannedFault fault, Clock::time_point now);
  /// Everything is mended, and nothing more happens.
  void end();
  /// Of the fleet: the worker of this number is gone.
  void down(std::uint32_t seat, Clock::time_point now) { notices_.noticed(seat, now); }

  /// Faults that were not made yet.
  [[nodiscard]] std::size_t left() const;
  /// Whether all were made and mended.
  [[nodiscard]] bool done() const { return left() == 0 && mended(); }
  /// Whether nothing is struck just now.
  [[nodiscard]] bool mended() const { return repairs_.empty() && server_.mended(); }
  /// What becomes of the server; it is to be told, too, what the fleet tells.
  [[nodiscard]] ServerSide& server() { return server_; }
  [[nodiscard]] const ServerSide& server() const { return server_; }
  [[nodiscard]] const std::vector<MadeFault>& made() const { return made_; }
  [[nodiscard]] const NoticeBook& notices() const { return notices_; }

 private:
  struct Repair {
    Clock::time_point due;
    PlannedFault fault;
    std::uint32_t seat;
  };
  /// All that strike the same, in order of time.
  using Queue = std::deque<PlannedFault>;

  [[nodiscard]] bool can_strike(const PlannedFault& fault) const;
  void strike_other(const PlannedFault& fault);
  void repair(const Repair& repair, Clock::time_point now);
  /// Whether workers can hear of the server, and nothing keeps them from it.
  [[nodiscard]] bool all_quiet(Clock::time_point now) const;

  DrillFleet& fleet_;
  DrillNetwork& network_;
  Strangers& strangers_;
  std::function<void(const MadeFault&)> say_;
  std::vector<Queue> queues_;  ///< of the workers, then the server's, then the strangers'
  std::vector<bool> struck_;
  std::vector<Repair> repairs_;
  std::optional<Clock::time_point> begun_, parted_;
  std::vector<MadeFault> made_;
  NoticeBook notices_;
  ServerSide server_;
};

}  // namespace syncline
