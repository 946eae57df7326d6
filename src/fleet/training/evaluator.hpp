#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "fleet/training/compute_pool.hpp"
#include "server/snapshot_pool.hpp"
#include "trace/run_result.hpp"

namespace syncline {

/// Evaluates snapshots off the virtual clock, in chunks spread over the compute threads. Sums are
/// added in a fixed order, so the bits don't depend on the threads.
template <class Real>
class Evaluator {
 public:
  /// `subset`: samples of the fixed subset of each split, 0 for all.
  Evaluator(const Workload<Real>& workload, ComputePool<Real>& pool, std::uint64_t subset);

  /// At most so many evaluations are on their way at once; the next one waits for the oldest.
  static constexpr std::size_t most_pending = 2;

  /// Begins the evaluation of `point` (its metrics are filled in later) on the subsets.
  void begin(const EvaluationPoint& point, std::shared_ptr<const Snapshot<Real>> snapshot,
             std::uint64_t priority);
  /// The oldest evaluation; REQUIRES: pending() > 0.
  EvaluationPoint collect();
  [[nodiscard]] std::size_t pending() const { return pending_.size(); }

  /// Training loss on the subset, at once.
  double train_loss(const std::shared_ptr<const Snapshot<Real>>& snapshot);
  /// All metrics on the full splits, at once.
  Metrics full(const std::shared_ptr<const Snapshot<Real>>& snapshot);

 private:
  class ChunkTask;
  using Chunks = std::vector<std::shared_ptr<ChunkTask>>;
  struct Pending {
    EvaluationPoint point;
    Chunks test;
    Chunks train;
  };

  Chunks chunks(const std::shared_ptr<const Snapshot<Real>>& snapshot, Split split,
                std::uint64_t samples, std::uint64_t priority);
  EvaluationSums total(const Chunks& chunks);
  [[nodiscard]] Metrics metrics(const EvaluationSums& test, const EvaluationSums& train) const;

  const Workload<Real>& workload_;
  ComputePool<Real>& pool_;
  std::uint64_t subset_;
  std::deque<Pending> pending_;
};

}  // namespace syncline
