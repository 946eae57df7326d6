#pragma once

#include <memory>

#include "fleet/training/run_fleet.hpp"
#include "fleet/virtual/gradient_jobs.hpp"
#include "fleet/virtual/look_ahead.hpp"
#include "fleet/virtual/virtual_fleet.hpp"

namespace syncline {

/// Virtual time with real gradients: the pool of compute threads works ahead of the events.
template <class Real>
class VirtualRunFleet final : public RunFleet<Real> {
 public:
  /// `jobs` fills the payloads; `pool` must be the one that they are computed in, with so many
  /// threads.
  VirtualRunFleet(VirtualFleet fleet, std::unique_ptr<GradientJobs<Real>> jobs,
                  const ComputePool<Real>& pool, std::uint32_t threads);

  [[nodiscard]] Host& host() override { return fleet_.host(); }
  [[nodiscard]] JobPayloads<Real>& payloads() override { return *jobs_; }
  [[nodiscard]] double now() const override { return fleet_.now(); }
  void begin() override;
  void ready() override;
  double next_time(double) override { return fleet_.next_time(); }
  void advance() override;
  void deliver(double value) override;
  [[nodiscard]] bool tells_events() const override { return fleet_.replays(); }
  void on_event(std::function<void(const FleetEvent&)> callback) override {
    on_event_ = std::move(callback);
  }
  [[nodiscard]] bool ends_by_itself() const override { return fleet_.replays(); }
  [[nodiscard]] std::string why_nothing_happens() const override {
    return fleet_.why_nothing_happens();
  }
  [[nodiscard]] nlohmann::json clock_state() override;
  void restore_clock(const nlohmann::json& state) override;

 private:
  /// Folds that the look-ahead is ahead, for each compute thread.
  static constexpr std::uint64_t ahead_per_thread = 8;

  VirtualFleet fleet_;
  std::unique_ptr<GradientJobs<Real>> jobs_;
  bool works_ahead_;
  std::uint64_t ahead_;
  std::unique_ptr<LookAhead> look_ahead_;
  std::uint64_t events_ = 0;  ///< since the look-ahead set out
  std::function<void(const FleetEvent&)> on_event_ = [](const FleetEvent&) {};
};

}  // namespace syncline
