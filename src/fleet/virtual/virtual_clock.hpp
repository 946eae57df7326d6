#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "fleet/fleet_event.hpp"
#include "fleet/virtual/comings_and_goings.hpp"
#include "fleet/virtual/event_queue.hpp"
#include "fleet/virtual/fleet_timing.hpp"
#include "syncline/host.hpp"

namespace syncline {

/// Virtual time: jumps from event to event. Durations are drawn by (seed, worker, job), so they
/// don't depend on the policy or on the order of events. A value: a copy continues alike.
class VirtualClock final : public FleetClock {
 public:
  VirtualClock(std::shared_ptr<const FleetTiming> timing, std::uint64_t seed);
  /// Repeats events that were recorded, in place of drawing durations.
  explicit VirtualClock(std::vector<FleetEvent> recorded);

  void expect(std::size_t jobs) override { queue_.expect(jobs); }
  void schedule(const Job& job) override;
  void unschedule(WorkerId worker) override;
  void unschedule_everyone() override;
  std::optional<std::uint32_t> stop(const Job& job) override;
  void arm(std::uint32_t timer, double at) override;
  void disarm(std::uint32_t timer) override;

  /// What happens next: the arrival of a worker's payload, a timer, ..., or nothing any more. Of
  /// simultaneous things, comings and goings are first, then progress, arrivals and timers.
  struct Next {
    enum class Kind { up, down, progress, arrival, timer, nothing };
    Kind kind = Kind::nothing;
    double time = 0;          ///< +infinity for jobs that never finish
    std::uint32_t index = 0;  ///< worker or timer
    /// Arrival of a job that was stopped, of a recorded run: the steps that it has done.
    std::optional<std::uint32_t> steps = std::nullopt;
  };
  /// Looks without moving. Jobs on their way through the server's link are moved along.
  Next peek();
  /// Makes `next` (what peek returned) the present.
  void take(const Next& next);

  [[nodiscard]] double now() const { return now_; }
  /// The workers that a recorded run began without.
  [[nodiscard]] std::vector<WorkerId> take_absent();
  /// REQUIRES: replays(), and there is one.
  [[nodiscard]] const FleetEvent& next_recorded() const { return (*recorded_)[next_recorded_]; }
  [[nodiscard]] bool replays() const { return recorded_ != nullptr; }
  /// The end of every running job, in no order.
  [[nodiscard]] std::vector<QueuedEvent> pending() { return queue_.events(); }

  [[nodiscard]] nlohmann::json state();
  void restore(const nlohmann::json& state);

 private:
  [[nodiscard]] bool other_before(double time);
  [[nodiscard]] Next recorded() const;
  [[nodiscard]] double begin_of(const Job& job) const;
  [[nodiscard]] double end_of(const Job& job, double work);

  std::shared_ptr<const FleetTiming> timing_;
  std::uint64_t seed_;
  double now_ = 0;
  double link_free_ = 0;  ///< when the server's shared link has served its queue
  EventQueue queue_;
  EventQueue reports_;  ///< of progress
  ComingsAndGoings changes_;
  std::vector<std::pair<double, std::uint32_t>> timers_;
  std::vector<SlownessPath> paths_;  ///< one per worker where slowness is on
  std::vector<double> path_begins_;  ///< from when each was last asked
  std::shared_ptr<const std::vector<FleetEvent>> recorded_;  ///< null: durations are drawn
  std::size_t next_recorded_ = 0;
};

}  // namespace syncline
