#pragma once

#include <optional>
#include <span>
#include <vector>

#include "fleet/decentralised/decentralised_result.hpp"
#include "fleet/training/evaluator.hpp"

namespace syncline {

/// Evaluates the honest nodes' models: the mean of their metrics, and the worst of them. Sums are
/// added in the order of the nodes, whatever the threads.
template <class Real>
class NodeEvaluator {
 public:
  using Models = std::vector<std::vector<Real>>;

  NodeEvaluator(const Workload<Real>& workload, ComputePool<Real>& pool, std::uint64_t subset,
                std::vector<bool> faulty);

  struct Evaluation {
    EvaluationPoint point;
    WorstNode worst;
    std::vector<std::optional<Metrics>> nodes;  ///< by node; nothing for a faulty one
  };
  /// On the subsets.
  Evaluation evaluate(EvaluationPoint point, const Models& models);
  /// On the full splits.
  Evaluation full(EvaluationPoint point, const Models& models);

 private:
  [[nodiscard]] Evaluation summary(EvaluationPoint point, const std::vector<Metrics>& metrics,
                                   const Models& models) const;
  [[nodiscard]] double disagreement(const Models& models) const;

  const Workload<Real>& workload_;
  Evaluator<Real> evaluator_;
  std::vector<WorkerId> honest_;
};

}  // namespace syncline
