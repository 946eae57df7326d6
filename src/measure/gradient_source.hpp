#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "fleet/training/compute_pool.hpp"
#include "measure/subset.hpp"
#include "measure/vectors.hpp"
#include "measure/work_done.hpp"
#include "syncline/config.hpp"
#include "workload/analytic/analytic_workload.hpp"

namespace syncline {

/// The gradient of the objective at one point, as well as it is known.
struct MeanGradient {
  Vector value;
  /// (mean of the first half of the samples - mean of the second) / 2: its squared length is an
  /// unbiased guess of the value's squared error. Empty where the value is exact.
  Vector halves;
  double loss = 0;
};

/// Throws DataError.
void refuse_unless_finite(double value);

/// Gradients of a workload in double precision. F is the mean over the training split, which a
/// fixed subset stands for; over all draws where there are no data; the formula where there is one.
/// The same samples and the same draws (dropout, augmentation, noise) come at every point, so that
/// they cancel in differences. Not thread-safe; computes on the configured threads.
class GradientSource {
 public:
  /// Computes mini-batches of config.model.batch. `samples`: of the subset, 0 for all. Throws
  /// ConfigError where F is not what the workers' gradients have as their mean.
  GradientSource(std::shared_ptr<const Workload<double>> workload, const RunConfig& config,
                 std::uint64_t samples, WorkDone& work);

  [[nodiscard]] std::size_t dimension() const { return workload_->dimension(); }
  [[nodiscard]] std::size_t batch() const { return batch_; }
  /// Samples that F is estimated from; 0 where it is given by a formula.
  [[nodiscard]] std::size_t samples() const;
  /// What the state of a run is at its beginning.
  [[nodiscard]] Vector initial_state() const;

  [[nodiscard]] MeanGradient mean(const Vector& state);
  /// An unbiased estimate of ||grad F||^2; it may be negative.
  [[nodiscard]] double squared_length(const MeanGradient& gradient) const;
  /// The part of a variance that mean() has: variance of one sample's gradient times this is the
  /// mean square of its error. 0 where it is exact.
  [[nodiscard]] double error_share() const;
  /// The same per sample of the subset: 1 for independent draws, 0 where mean() is exact.
  [[nodiscard]] double unseen() const;

  /// Is told each gradient in order. The span is valid during the call only.
  using Use = std::function<void(std::span<const double> gradient)>;
  /// The gradients that mean() is made of, one for each chunk; none where there is a formula.
  void each_chunk(const Vector& state, const Use& use);
  [[nodiscard]] std::size_t chunks() const;
  /// Mini-batches first..first+count-1 of an endless, independent row.
  void each_mini_batch(const Vector& state, std::size_t first, std::size_t count, const Use& use);

  [[nodiscard]] const Workload<double>& workload() const { return *workload_; }
  [[nodiscard]] ComputePool<double>& pool() { return pool_; }

 private:
  class GradientTask;
  struct Request {
    std::vector<std::uint32_t> batch;
    DrawKey key;
  };
  using UseResult = std::function<void(std::size_t index, double loss, std::span<const double>)>;

  [[nodiscard]] Request chunk_request(std::size_t index) const;
  [[nodiscard]] Request mini_batch_request(std::size_t index) const;
  [[nodiscard]] double chunk_share(std::size_t index) const;
  void compute(const Vector& state, std::size_t first, std::size_t count,
               Request (GradientSource::*request)(std::size_t) const, const UseResult& use);

  std::shared_ptr<const Workload<double>> workload_;
  const AnalyticWorkload<double>* formula_;  ///< null unless the objective is given by one
  std::size_t batch_;
  std::uint64_t seed_;
  std::uint32_t threads_;
  std::optional<Subset> subset_;    ///< where there are data
  std::optional<Sampler> sampler_;  ///< where there are data
  std::size_t draws_ = 0;           ///< chunks, where there are neither data nor formula
  WorkDone& work_;
  ComputePool<double> pool_;
};

}  // namespace syncline
