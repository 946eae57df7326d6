#pragma once

#include <map>
#include <memory>
#include <vector>

#include "fleet/virtual/fleet_timing.hpp"
#include "syncline/theory.hpp"

namespace syncline {

/// What theory says of one point of the line on one fleet.
struct PointTheory {
  Estimate runtime;    ///< per update, with communication
  double startup = 0;  ///< by how much a run from a cold start takes longer, 0 if unknown
  double pushes = 0;   ///< over the server's link, per update
  double mean_staleness = 0;
  std::vector<double>
      staleness;  ///< p_0, p_1, ..., summing to 1; far tails are gathered at the end
};

/// Theory for many points of one fleet: each is computed once, and what is costly at every K of the
/// batch variants is computed at some and carried over to the rest. Not thread-safe.
class FleetTheory {
 public:
  explicit FleetTheory(std::shared_ptr<const FleetTiming> timing) : timing_(std::move(timing)) {}

  [[nodiscard]] const PointTheory& at(const VariantPoint& point);
  [[nodiscard]] const std::shared_ptr<const FleetTiming>& timing() const { return timing_; }
  [[nodiscard]] std::uint32_t workers() const { return timing_->profile.workers(); }

 private:
  [[nodiscard]] PointTheory compute(const VariantPoint& point);
  [[nodiscard]] Estimate bare_runtime(const VariantPoint& point);
  [[nodiscard]] std::vector<double> staleness(const VariantPoint& point, double mean);
  [[nodiscard]] const Estimate& cold_start(std::uint64_t n);

  std::shared_ptr<const FleetTiming> timing_;
  std::map<std::pair<VariantFamily, std::uint64_t>, PointTheory> known_;
  std::map<std::uint64_t, Estimate> cold_starts_;
  std::vector<double> others_pushes_;  ///< pushes of the others during one job, p_0, p_1, ...
};

/// Pushes of the others during a job, made into staleness: floor((r + N) / K), r even on 0..K-1
/// (arXiv 1803.01113, proof of Lemma 4, for any renewal process).
[[nodiscard]] std::vector<double> batch_staleness(const std::vector<double>& pushes,
                                                  std::uint64_t k);

}  // namespace syncline
