#pragma once

#include <memory>
#include <vector>

#include "syncline/delay_law.hpp"
#include "syncline/fit.hpp"

namespace syncline {

/// The jobs of one fleet as they were measured: the n-th job of a worker takes as long as its n-th
/// measured one. A job that was cancelled takes at least as long as it had run, and then a draw of
/// the worker's fitted law; so do all jobs after the last measured one. Mean, cdf, ... are those of
/// the fitted law.
class RecordedTimes final : public DelayLaw {
 public:
  /// `fitted`: law of each worker. Jobs in `timings` are in the order of each worker's jobs.
  RecordedTimes(const Timings& timings, DelayProfile fitted, std::uint32_t worker);

  [[nodiscard]] double sample(const DrawKey& key) const override;
  [[nodiscard]] double mean() const override { return law().mean(); }
  [[nodiscard]] double variance() const override { return law().variance(); }
  [[nodiscard]] double cdf(double x) const override { return law().cdf(x); }
  [[nodiscard]] double survival(double x) const override { return law().survival(x); }
  [[nodiscard]] double quantile(double p) const override { return law().quantile(p); }
  [[nodiscard]] std::string text() const override;

  [[nodiscard]] std::size_t recorded() const { return jobs_.size(); }

 private:
  struct Recorded {
    double seconds = 0;
    bool censored = false;
  };
  [[nodiscard]] const DelayLaw& law() const { return fitted_.law(worker_); }

  DelayProfile fitted_;
  std::uint32_t worker_;
  std::vector<Recorded> jobs_;
};

/// The fleet of all workers of the timings.
[[nodiscard]] DelayProfile recorded_fleet(const Timings& timings, const DelayProfile& fitted);

}  // namespace syncline
