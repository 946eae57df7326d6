#pragma once

#include <memory>

#include "fleet/fleet_event.hpp"
#include "fleet/virtual/virtual_fleet.hpp"
#include "syncline/options.hpp"
#include "top/log_figures.hpp"
#include "trace/live_figures.hpp"

namespace syncline {

/// Runs policy and host once more, on time alone, up to where the log is: so it knows all that the
/// host of the run knew. On a real fleet it takes the events from the log, and in virtual time it
/// draws the same ones. It compares the updates that it comes to with those of the log.
class RepeatedRun final : public LogFigures {
 public:
  /// `settings`: from the head of the log. Throws NotRepeatable where the log doesn't tell enough:
  /// a policy that looks at gradients, virtual links whose messages have sizes that only the model
  /// tells.
  explicit RepeatedRun(const Settings& settings);

  void take(const nlohmann::ordered_json& record) override;
  [[nodiscard]] RunPicture picture() const override { return figures_.picture(); }

 private:
  void take_event(const FleetEvent& event);
  void begin();
  void advance();
  void measured(const nlohmann::ordered_json& record);
  void updated(Version update, double time);
  void ended(const nlohmann::ordered_json& record);
  [[nodiscard]] Host& host() { return fleet_.host(); }

  bool real_;
  VirtualFleet fleet_;  ///< of a real fleet, only its host
  LiveFigures figures_;
  std::vector<WorkerId> absent_;
  bool begun_ = false;
};

}  // namespace syncline
