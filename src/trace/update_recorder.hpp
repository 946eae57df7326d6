#pragma once

#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "syncline/host.hpp"

namespace syncline {

/// One gradient of an update.
struct GradientRecord {
  WorkerId worker = 0;
  Version read = 0;
  double start = 0;
  double push = 0;
  Version staleness = 0;
};

/// Everything about one update: the gradients in it, and what its wait cost the workers.
struct UpdateRecord {
  Version update = 0;
  double time = 0;
  std::vector<GradientRecord> gradients;               ///< in order of arrival
  std::vector<std::pair<WorkerId, double>> idle;       ///< parked until this update, how long
  std::vector<std::pair<WorkerId, double>> cancelled;  ///< jobs that it ended, time spent on them
};

/// Gathers what the host does into one record per update.
class UpdateRecorder final : public HostObserver {
 public:
  using Sink = std::function<void(const UpdateRecord&)>;

  UpdateRecorder(std::uint32_t workers, Sink sink)
      : sink_(std::move(sink)), parked_since_(workers, 0) {}

  void cancelled(const Job& job, double time) override;
  void folded(const Job& job, double time, Slot slot, double weight) override;
  void put(const Job& job, double time, Slot table) override;
  void cleared(Slot slot) override;
  void merged(Slot from, Slot into, double weight) override;
  void swapped(Slot a, Slot b) override;
  void stepped(Slot slot, double scale, Version version, double time) override;
  void parked(WorkerId worker, double time) override { parked_since_[worker] = time; }
  void resumed(WorkerId worker, double time) override;
  void settled(double time) override;

  [[nodiscard]] nlohmann::json state() const;
  void restore(const nlohmann::json& state);

 private:
  [[nodiscard]] std::vector<GradientRecord>& held_in(Slot slot);

  Sink sink_;
  std::vector<std::vector<GradientRecord>> held_;  ///< by slot: folded, not yet part of an update
  std::vector<double> parked_since_;
  UpdateRecord record_;
  Version version_ = 0;
  bool complete_ = false;  ///< the step was taken; its consequences may still follow
};

}  // namespace syncline
