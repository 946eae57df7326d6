#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "syncline/registry.hpp"

namespace syncline {

/// How far training is, in the two units that schedules are written in.
struct TrainingClock {
  double updates = 0;  ///< steps taken
  double epochs = 0;   ///< gradients applied * batch / training samples; 0 without a data set
  double epochs_per_update = 0;  ///< what the step about to be taken will add to `epochs`
};

/// The step size over time, as a factor on the configured one. Immutable, thread-safe.
class StepSizeSchedule {
 public:
  virtual ~StepSizeSchedule() = default;
  [[nodiscard]] virtual double factor(const TrainingClock& clock) const = 0;
  /// Whether it is written in epochs, which only a data set has.
  [[nodiscard]] virtual bool needs_epochs() const { return false; }
};

using ScheduleFactory = std::function<std::unique_ptr<const StepSizeSchedule>(const Arguments&)>;
/// constant, step, cosine, warmup.
[[nodiscard]] const Registry<ScheduleFactory>& step_size_schedules();
[[nodiscard]] std::unique_ptr<const StepSizeSchedule> make_schedule(std::string_view spec);

/// A factor on the weight of one stale gradient, from how far the parameters have moved since it
/// was read. Immutable, thread-safe.
class StepSizeRule {
 public:
  virtual ~StepSizeRule() = default;
  /// Whether factor() looks at the distance; if not, nobody computes it.
  [[nodiscard]] virtual bool needs_distance() const { return false; }
  /// `squared_distance` = ||w_now - w_read||^2 over the parameters; `step_size` is the one in
  /// force.
  [[nodiscard]] virtual double factor(double squared_distance, double step_size) const = 0;
};

using RuleFactory = std::function<std::unique_ptr<const StepSizeRule>(const Arguments&)>;
/// constant, staleness.
[[nodiscard]] const Registry<RuleFactory>& step_size_rules();
[[nodiscard]] std::unique_ptr<const StepSizeRule> make_rule(std::string_view spec);

/// The step size against K: the configured one is meant for K = P, and is multiplied by
/// 1 (`constant`), K / P (`linear`) or sqrt(K / P) (`sqrt`).
[[nodiscard]] double step_size_scaling(std::string_view name, double k, double workers);
/// Throws ConfigError unless `name` is one of the three.
void check_step_size_scaling(std::string_view name);

}  // namespace syncline
