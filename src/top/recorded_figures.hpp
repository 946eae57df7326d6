#pragma once

#include <deque>
#include <vector>

#include "syncline/options.hpp"
#include "top/log_figures.hpp"

namespace syncline {

/// What the records themselves tell, where the run can't be repeated: nearly everything, but not
/// which workers are parked at present, and of the account only what was applied.
class RecordedFigures final : public LogFigures {
 public:
  /// `settings`: from the head of the log.
  explicit RecordedFigures(const Settings& settings);

  void take(const nlohmann::ordered_json& record) override;
  [[nodiscard]] RunPicture picture() const override;

 private:
  void update(const nlohmann::ordered_json& record);
  void came_or_went(const nlohmann::ordered_json& record, WorkerPicture::State state);
  WorkerPicture& worker(const nlohmann::ordered_json& number);

  RunPicture picture_;
  std::vector<std::deque<Timing>> recent_;  ///< by worker: its last jobs
  std::deque<double> update_times_;
};

}  // namespace syncline
