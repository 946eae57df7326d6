#pragma once

#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "syncline/host.hpp"
#include "trace/run_result.hpp"

namespace syncline {

/// Records what the first workers do in the first stretch of a run, for the picture.
class TimelineRecorder final : public HostObserver {
 public:
  static constexpr std::uint32_t most_workers = 16;

  TimelineRecorder(std::uint32_t workers, double horizon);

  void arrived(const Job& job, double time) override;
  void cancelled(const Job& job, double time) override;
  void folded(const Job& job, double time, Slot slot, double weight) override;
  void put(const Job& job, double time, Slot table) override { folded(job, time, table, 1); }
  void stepped(Slot slot, double scale, Version version, double time) override;
  void parked(WorkerId worker, double time) override;
  void resumed(WorkerId worker, double time) override;

  [[nodiscard]] const Timeline& timeline() const { return timeline_; }

  [[nodiscard]] nlohmann::json state() const;
  void restore(const nlohmann::json& state);

 private:
  [[nodiscard]] bool shown(WorkerId worker, double begin) const {
    return worker < timeline_.workers && begin < timeline_.to;
  }
  void add(WorkerId worker, TimelineSpan::Kind kind, double begin, double end);

  Timeline timeline_;
  std::vector<TimelineArrow> waiting_;  ///< pushes that the next update will use
  std::vector<double> parked_since_;
  Version version_ = 0;
};

}  // namespace syncline
