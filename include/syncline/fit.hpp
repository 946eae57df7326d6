#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace syncline {

/// One measured job of one worker.
struct Timing {
  std::uint32_t worker = 0;
  double start = 0;       ///< when the job began, on the log's clock; NaN where not known
  double seconds = 0;     ///< how long it took; if censored, how long it had run when it was ended
  bool censored = false;  ///< cancelled: it would have taken longer than `seconds`
};

/// All measured jobs, in the order of each worker's jobs.
struct Timings {
  std::uint32_t workers = 0;  ///< worker numbers are 0..workers-1
  std::vector<Timing> jobs;
  std::vector<std::string> warnings;  ///< suspicious but usable: gaps, mixed units, a cut-off log
};

/// Reads step times from an event log (.jsonl, docs/event-log.md) or from CSV lines
/// `worker,seconds[,censored]` (docs/fit.md). Throws DataError with file and line on what can't be
/// a step time, and where there is no job at all.
[[nodiscard]] Timings read_timings(const std::filesystem::path& path);

/// A law fitted by maximum likelihood; censored jobs count as "longer than".
struct LawFit {
  std::string law;  ///< as a user writes it: `shifted-exponential(shift=1, rate=2)`
  double log_likelihood = 0;
  double aic = 0;
  double bic = 0;
  double ks = 0;  ///< Kolmogorov-Smirnov distance, to Kaplan-Meier's estimate if jobs are censored
  /// Each parameter with its 95 % interval.
  struct Parameter {
    std::string name;
    double value = 0;
    double lower = 0;
    double upper = 0;
  };
  std::vector<Parameter> parameters;
};

/// What is known of one worker, or of all together.
struct GroupFit {
  std::size_t jobs = 0;
  std::size_t censored = 0;
  std::vector<LawFit> laws;            ///< best first (BIC); empty if there is too little to say
  std::optional<std::string> refusal;  ///< why nothing was fitted
  double mean = 0;                     ///< of the best law, or Kaplan-Meier's restricted mean
  std::optional<double> median;        ///< Kaplan-Meier's; none if half of the jobs don't end
  /// Quantiles of the best law beside those observed (Kaplan-Meier), at most 100 pairs.
  std::vector<std::pair<double, double>> qq;
  /// Time and the share of jobs that take longer (Kaplan-Meier), at most 100 points.
  std::vector<std::pair<double, double>> survival;
};

/// A test of the order of one worker's jobs.
struct Trend {
  double p_value = 1;  ///< 1 where there are too few jobs for a test
  double factor = 1;   ///< time of the last quarter of jobs over that of the first
};

struct WorkerFit {
  std::uint32_t worker = 0;
  GroupFit fit;
  double slowdown = 1;  ///< median time over the fleet's median
  bool straggler = false;
  std::string behaviour;     ///< "steady", "persistently slow", "slow in bursts", "drifting"
  Trend drift;               ///< do later jobs take longer, or shorter, than earlier ones?
  double burst_p_value = 1;  ///< of the test that slow jobs come together no more than by chance
};

/// Workers that no test tells apart, and their law.
struct AlikeWorkers {
  std::vector<std::uint32_t> workers;
  GroupFit fit;
  std::string law;  ///< what `profile` says of them; a rough one if `fit` was refused
};

/// The exponent of a power-law tail (Hill, Ann. Statist. 3, 1975).
struct TailIndex {
  double value = 0;
  double lower = 0;  ///< 95 %
  double upper = 0;
  std::size_t longest = 0;  ///< how many of the longest jobs it rests on
};

/// Workers that alternate between a normal state and a slow one, as --slowness simulates it.
struct SlowStates {
  std::vector<std::uint32_t> workers;  ///< that show them
  double mean_normal = 0;              ///< mean time in the normal state
  double mean_slow = 0;
  double factor = 1;
  std::string slowness;  ///< for --slowness: `markov(mean_normal=..., mean_slow=..., factor=...)`
  std::string delay;     ///< the law of those workers' jobs in the normal state
};

struct FleetFit {
  std::vector<WorkerFit> workers;
  GroupFit pooled;
  bool alike = true;         ///< no evidence that the workers differ
  double alike_p_value = 1;  ///< of the test of equality
  /// The fleet for --delay: `8*exponential(rate=1)` if alike, else one law a worker, runs merged.
  std::string profile;
  std::vector<AlikeWorkers> groups;  ///< one if alike; in the order of their first workers
  std::optional<TailIndex> tail;
  std::optional<SlowStates> slow_states;
  std::vector<std::string> findings;  ///< plain sentences: stragglers, drift, heavy tails, ...
  std::vector<std::string> warnings;
};

/// Fits all laws to each worker and to all together. Throws DataError where there is too little
/// data to say anything.
[[nodiscard]] FleetFit fit_fleet(const Timings& timings);

/// What `syncline fit --json` prints (docs/fit.md lists its keys).
[[nodiscard]] nlohmann::ordered_json to_json(const FleetFit& fit);

}  // namespace syncline
