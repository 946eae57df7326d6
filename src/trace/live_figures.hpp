#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "trace/run_picture.hpp"

namespace syncline {

/// A number that one thread writes and others read, at the price of a plain one.
template <class Number>
class SharedFigure {
 public:
  explicit SharedFigure(Number value = {}) : value_(value) {}

  void set(Number value) { value_.store(value, std::memory_order_relaxed); }
  /// By the writer.
  void add(Number more) { set(get() + more); }
  [[nodiscard]] Number get() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<Number> value_;
};

/// Keeps the figures of a run up to date while it goes on, for others to look at. What it does for
/// an event takes constant time, waits for nobody and allocates nothing. Each figure of a picture
/// is right by itself; two of them may be of successive events.
class LiveFigures final : public HostObserver {
 public:
  /// `host` must outlive this. `real_time`: the time of the run is the clock's, in seconds, and
  /// passes between events too.
  LiveFigures(const Host& host, std::string fleet, bool real_time);

  // By the thread that runs the host.
  void started(const Job& job) override;
  void cancelled(const Job& job, double time) override;
  void stopped(const Job& job, double time) override;
  void arrived(const Job& job, double time) override;
  void folded(const Job& job, double time, Slot slot, double weight) override;
  void put(const Job& job, double time, Slot table) override { folded(job, time, table, 1); }
  void dropped(const Job& job, double time, const char* reason) override;
  void stepped(Slot slot, double scale, Version version, double time) override;
  void parked(WorkerId worker, double time) override;
  void went_down(WorkerId worker, double time) override;
  void published(const char* name, double value, double time) override;
  void settled(double time) override;
  void evaluated(const EvaluationPoint& point);
  void checkpoint(bool written);
  /// All that were refused so far, by reason.
  void refused(const std::map<std::string, std::uint64_t>& counts);

  /// By any thread.
  [[nodiscard]] RunPicture picture() const;

 private:
  static constexpr std::size_t window = RunPicture::window;
  /// Reasons for dropping payloads are string literals of policies, few of each.
  static constexpr std::size_t most_reasons = 8;

  struct Seat {
    SharedFigure<WorkerPicture::State> state{WorkerPicture::State::parked};
    SharedFigure<double> since, step_time;
    SharedFigure<Version> read;
    SharedFigure<std::uint64_t> steps, unfinished, contributed;
    /// How long the last jobs took: the j-th that ended is at j % window; below zero if it was
    /// unfinished, so that the two can't fall apart.
    std::array<SharedFigure<double>, window> recent;
    SharedFigure<bool> stopped;  ///< its job was told to end early
  };
  struct Reason {
    SharedFigure<const char*> text{nullptr};
    SharedFigure<std::uint64_t> count;
  };
  struct SharedAccount {
    SharedFigure<std::uint64_t> started, computed, applied, dropped, held, cancelled, in_flight,
        lost;
  };

  void ended(const Job& job, double time, bool unfinished);
  void set_state(WorkerId worker, WorkerPicture::State state, double time);
  /// A run that begins, or goes on from a checkpoint: who does what.
  void look_at_workers();
  [[nodiscard]] double now() const;
  [[nodiscard]] double update_rate() const;
  [[nodiscard]] WorkerPicture worker(const Seat& seat) const;

  const Host& host_;
  const std::string policy_, fleet_;
  const bool real_time_;
  bool begun_ = false;

  std::vector<Seat> seats_;
  SharedFigure<double> time_;
  SharedFigure<double> began_{std::nan("")};  ///< of a real fleet: time 0 on the steady clock
  SharedFigure<Version> version_;
  SharedFigure<double> k_;
  SharedFigure<std::uint64_t> updates_;
  std::array<SharedFigure<double>, window> update_times_;  ///< update u is at u % window
  SharedAccount account_;
  std::array<Reason, most_reasons> reasons_;
  std::array<SharedFigure<std::uint64_t>, StalenessBins::count> staleness_;
  SharedFigure<std::uint64_t> staleness_sum_, staleness_largest_;
  SharedFigure<std::uint64_t> checkpoints_, failed_checkpoints_;

  mutable std::mutex mutex_;  ///< of what seldom changes
  EvaluationPoint evaluation_;
  std::uint64_t evaluations_ = 0;
  std::map<std::string, std::uint64_t> refused_;
};

}  // namespace syncline
