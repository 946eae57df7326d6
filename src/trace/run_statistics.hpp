#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "syncline/host.hpp"
#include "syncline/large_page_allocator.hpp"
#include "trace/staleness_histogram.hpp"

namespace syncline {

/// The figures of a run as it goes: runtime per update, staleness, idle and cancelled time.
///
/// Long-run values leave out the start-up, in which all workers start together: the updates until
/// 30 P gradients have been folded (paper.md sections 2.4 and 8). A run in which that would be more
/// than half of all updates keeps it, as does `include_startup`.
/// The standard error of the runtime comes from batch means over 64 successive batches, since in
/// the async family successive updates depend on each other.
class RunStatistics final : public HostObserver {
 public:
  /// `planned_updates`: length of the run, 0 if not known (then the start-up is kept).
  RunStatistics(std::uint32_t workers, std::uint64_t planned_updates, bool include_startup);

  void started(const Job& job) override;
  void cancelled(const Job& job, double time) override;
  void arrived(const Job& job, double time) override;
  void folded(const Job& job, double time, Slot slot, double weight) override;
  void put(const Job& job, double time, Slot table) override { folded(job, time, table, 1); }
  void stepped(Slot slot, double scale, Version version, double time) override;
  void parked(WorkerId worker, double time) override;
  void resumed(WorkerId worker, double time) override;
  void settled(double time) override;

  [[nodiscard]] bool startup_excluded() const { return startup_excluded_; }
  [[nodiscard]] std::uint64_t startup_updates() const { return first_update_; }
  [[nodiscard]] std::uint64_t updates() const { return version_ - first_update_; }
  [[nodiscard]] double runtime_per_update() const;
  /// nullopt with fewer than two complete batches.
  [[nodiscard]] std::optional<double> runtime_stderr() const;
  [[nodiscard]] const StalenessHistogram& staleness() const { return staleness_; }
  [[nodiscard]] double fresh_fraction() const;
  /// Share of fresh gradients among those folded l-th after an update, l = 1..K.
  [[nodiscard]] std::vector<double> fresh_fraction_by_position() const;
  [[nodiscard]] double idle_fraction() const;
  [[nodiscard]] double cancelled_time_fraction() const;
  /// Cancelled jobs / (cancelled + applied jobs).
  [[nodiscard]] double cancelled_job_fraction() const;
  /// Worker-time spent computing from time 0 to `until`, not before the last event; cancelled work
  /// included.
  [[nodiscard]] double compute_time(double until) const;
  /// Applied gradients of each worker, over the whole run.
  [[nodiscard]] std::vector<std::uint64_t> contributions() const {
    return {contributions_.begin(), contributions_.end()};
  }

  [[nodiscard]] nlohmann::json state() const;
  void restore(const nlohmann::json& state);

 private:
  static constexpr std::uint64_t batches = 64;
  static constexpr std::uint64_t startup_gradients_per_worker = 30;

  struct Position {
    std::uint64_t fresh = 0;
    std::uint64_t all = 0;
  };

  void pass_time(double time);
  void begin_window(double time);
  [[nodiscard]] double window_worker_time() const;

  std::uint32_t workers_;
  std::uint64_t planned_updates_;
  bool startup_decided_;
  bool startup_excluded_ = false;
  bool startup_ends_ = false;  ///< with the event in progress

  double now_ = 0;
  Version version_ = 0;
  std::uint64_t gradients_ = 0;  ///< folded since time 0

  // The window: everything after the start-up.
  std::uint64_t first_update_ = 0;
  double window_start_ = 0;
  double last_update_ = 0;
  std::uint64_t batch_length_ = 1;
  double batch_start_ = 0;
  std::vector<double> batch_means_;
  StalenessHistogram staleness_;
  std::vector<Position> positions_;
  std::size_t position_ = 0;  ///< gradients folded since the last update
  double idle_time_ = 0;
  double cancelled_time_ = 0;
  std::uint64_t cancelled_jobs_ = 0;

  // Over the whole run.
  std::uint64_t parked_ = 0;
  double busy_time_ = 0;
  std::uint64_t busy_ = 0;
  double passed_ = 0;  ///< up to when idle_time_ and busy_time_ are counted
  std::vector<std::uint64_t, LargePageAllocator<std::uint64_t>> contributions_;
};

}  // namespace syncline
