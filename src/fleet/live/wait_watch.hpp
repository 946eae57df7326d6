#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "syncline/host.hpp"

namespace syncline {

/// Whom a run waits for while nobody computes, and since when: told once for each wait, again when
/// it is for others, and from 30 s on again after twice as long each time. Times are those of the
/// run, in seconds.
class WaitWatch {
 public:
  /// All workers count as down from the start until they are up.
  explicit WaitWatch(std::uint32_t workers) : down_since_(workers, 0) {}

  void went_down(WorkerId worker, double time) { down_since_[worker] = time; }
  /// To be called after every event: a wait that has ended is over, however short it was.
  void look(const Host& host, double time);
  /// What to tell now, if anything.
  [[nodiscard]] std::optional<std::string> news(const Host& host, double time);

  // For checkpoints.
  [[nodiscard]] nlohmann::json state() const;
  void restore(const nlohmann::json& state);

 private:
  [[nodiscard]] std::string text(const Host& host) const;

  std::vector<double> down_since_;  ///< by worker
  std::optional<double> since_;     ///< when the present wait began
  std::vector<WorkerId> told_;      ///< whom it is for, as far as was told
  double again_ = 0;                ///< when it is told again
  double pause_ = 0;                ///< how long after the last time
};

}  // namespace syncline
