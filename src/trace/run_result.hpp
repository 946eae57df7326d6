#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "syncline/host.hpp"
#include "trace/k_history.hpp"
#include "trace/staleness_histogram.hpp"

namespace syncline {

/// The values of one evaluation; NaN where a quantity does not exist (the error of an analytic
/// workload, the training error in a log of an earlier version).
struct Metrics {
  double test_error = 0;
  double test_loss = 0;
  double train_loss = 0;
  double train_error = std::numeric_limits<double>::quiet_NaN();
};

/// One point of the curves of a run.
struct EvaluationPoint {
  double time = 0;
  Version update = 0;
  std::uint64_t gradients = 0;  ///< applied so far
  double compute = 0;           ///< worker-time spent computing so far, cancelled work included
  Metrics metrics;
};

/// One stretch of one worker's time.
struct TimelineSpan {
  enum class Kind : std::uint8_t { compute, idle, cancelled };
  WorkerId worker = 0;
  Kind kind = Kind::compute;
  double begin = 0;
  double end = 0;
};

/// A push and the update that used it.
struct TimelineArrow {
  WorkerId worker = 0;
  double push = 0;
  double update = 0;
  Version staleness = 0;
};

struct Timeline {
  std::uint32_t workers = 0;  ///< the first so many of the fleet
  double from = 0;
  double to = 0;
  std::vector<TimelineSpan> spans;
  std::vector<TimelineArrow> arrows;
};

/// Why a run ended.
enum class Outcome { finished, target, diverged, interrupted };

/// Everything that one run measured.
struct RunResult {
  std::string policy;
  std::uint64_t seed = 0;
  double step_size = 0;
  std::uint32_t workers = 0;
  Outcome outcome = Outcome::finished;
  std::optional<Version> diverged_at;    ///< update that used a non-finite loss
  std::optional<double> target_time;     ///< see time_to_target()
  std::vector<EvaluationPoint> points;   ///< on the grid of virtual time
  std::optional<Metrics> final_metrics;  ///< on the full splits, at the end
  Version updates = 0;
  double elapsed = 0;  ///< virtual
  Account account;
  StalenessHistogram staleness;
  double idle_fraction = 0;
  double cancelled_time_fraction = 0;
  std::vector<std::uint64_t> contributions;           ///< gradients folded, by worker
  std::vector<std::pair<double, double>> k;           ///< (time, K) at each change; the first at 0
  std::vector<KChange> k_changes;                     ///< the same, with reasons; without the first
  std::vector<std::pair<double, std::string>> notes;  ///< what the policy decided, and when
  Timeline timeline;
  std::size_t peak_snapshots = 0;  ///< most live snapshots at once
  double seconds = 0;              ///< real time of the run
  double evaluation_seconds = 0;   ///< real time that the run waited for evaluations
  std::string log_error;           ///< what is missing in its event log, and why; empty: nothing
};

/// One metric of a point, by its name in the configuration.
[[nodiscard]] double metric_value(const Metrics& metrics, const std::string& metric);

/// When the target is reached: the middle of the first five successive evaluations whose median is
/// at or below it (a single lucky evaluation does not count); nullopt if there are none.
[[nodiscard]] std::optional<double> time_to_target(std::span<const EvaluationPoint> points,
                                                   const std::string& metric, double target);

}  // namespace syncline
