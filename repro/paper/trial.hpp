#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "picture.hpp"

// Trained studies: configurations under several seeds, and what is read off their runs.
namespace syncline::repro {

/// Colours of the variants, the same on every page of a training run.
namespace color {
inline constexpr int sync = 0, k_sync = 1, k_batch_sync = 2, k_async = 4, k_batch_async = 5,
                     async = 6;
inline constexpr int k2 = 3, k4 = 4, k8 = 0;  ///< where the curves differ in K alone
}  // namespace color

/// One configuration under several seeds.
struct Trial {
  std::string key;  ///< its runs are called KEY-seed-1, KEY-seed-2, ...
  std::string title;
  int color = 0;
  RunConfig config;  ///< but for the seed
};

/// Seed by seed, 1 to `seeds`, so that a study cut short has whole rounds.
[[nodiscard]] std::vector<Run> seed_by_seed(const std::vector<Trial>& trials, std::uint64_t seeds);

/// Its mean time per update in the long run, by theory.
[[nodiscard]] double update_time(const RunConfig& config);

/// One number of a run, from its record.
using Measure = std::function<double(const Json& record)>;

/// The measure for each trial, under the seeds on which all of them have a finite value.
[[nodiscard]] std::vector<std::vector<double>> by_seed(const Results& results,
                                                       const std::vector<Trial>& trials,
                                                       const Measure& measure);

/// "0.823 ± 0.011" over the runs that are there, "-" if there are none.
[[nodiscard]] std::string mean_text(const Results& results, const Trial& trial,
                                    const Measure& measure);

/// A metric of the curve where `along` (time, update) is `x`: linear between evaluations, NaN
/// beyond the last.
[[nodiscard]] double value_at(const Json& record, const char* along, double x, const char* metric);

/// The training loss there.
[[nodiscard]] Measure loss_at(const char* along, double x);

/// The mean of the evaluations between two values of `along`; NaN if there are none or the run does
/// not reach `to`. One evaluation alone has the noise of the last few mini-batches in it.
[[nodiscard]] double mean_between(const Json& record, const char* along, double from, double to,
                                  const char* metric);

/// The mean curve of each trial that has runs; `of` as in mean_curve().
[[nodiscard]] std::vector<Series> mean_series(const Results& results,
                                              const std::vector<Trial>& trials, const char* x,
                                              const char* y, double (*of)(double) = nullptr);

}  // namespace syncline::repro
