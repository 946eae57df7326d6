#include "fleet/decentralised/node_evaluator.hpp"

#include <cmath>

#include "server/kernels.hpp"

namespace syncline {
namespace {

template <class Real>
std::shared_ptr<const Snapshot<Real>> snapshot(Version version, const std::vector<Real>& model) {
  return std::make_shared<const Snapshot<Real>>(Snapshot<Real>{version, model});
}

/// A figure that is no number is the worst.
bool worse(const Metrics& a, const Metrics& b, bool classifies) {
  const auto order = [](double value) { return std::isnan(value) ? INFINITY : value; };
  if (classifies && order(a.test_error) != order(b.test_error)) {
    return order(a.test_error) > order(b.test_error);
  }
  return order(a.test_loss) > order(b.test_loss);
}

}  // namespace

template <class Real>
NodeEvaluator<Real>::NodeEvaluator(const Workload<Real>& workload, ComputePool<Real>& pool,
                                   std::uint64_t subset, std::vector<bool> faulty)
    : workload_(workload), evaluator_(workload, pool, subset) {
  for (WorkerId node = 0; node < faulty.size(); ++node) {
    if (!faulty[node]) honest_.push_back(node);
  }
}

template <class Real>
auto NodeEvaluator<Real>::evaluate(EvaluationPoint point, const Models& models) -> Evaluation {
  for (const WorkerId node : honest_) {
    evaluator_.begin(point, snapshot<Real>(point.update, models[node]), 0);
  }
  std::vector<Metrics> metrics;
  while (evaluator_.pending() > 0) metrics.push_back(evaluator_.collect().metrics);
  return summary(point, metrics, models);
}

template <class Real>
auto NodeEvaluator<Real>::full(EvaluationPoint point, const Models& models) -> Evaluation {
  std::vector<Metrics> metrics;
  for (const WorkerId node : honest_) {
    metrics.push_back(evaluator_.full(snapshot<Real>(point.update, models[node])));
  }
  return summary(point, metrics, models);
}

template <class Real>
auto NodeEvaluator<Real>::summary(EvaluationPoint point, const std::vector<Metrics>& metrics,
                                  const Models& models) const -> Evaluation {
  std::vector<std::optional<Metrics>> nodes(models.size());
  Metrics sum = {0, 0, 0, 0};
  std::size_t worst = 0;
  for (std::size_t i = 0; i < metrics.size(); ++i) {
    nodes[honest_[i]] = metrics[i];
    sum.test_error += metrics[i].test_error;
    sum.test_loss += metrics[i].test_loss;
    sum.train_loss += metrics[i].train_loss;
    sum.train_error += metrics[i].train_error;
    if (worse(metrics[i], metrics[worst], workload_.classifies())) worst = i;
  }
  const auto count = static_cast<double>(metrics.size());
  point.metrics = {sum.test_error / count, sum.test_loss / count, sum.train_loss / count,
                   sum.train_error / count};
  return {point,
          {point.time, point.update, honest_[worst], metrics[worst], disagreement(models)},
          std::move(nodes)};
}

template <class Real>
double NodeEvaluator<Real>::disagreement(const Models& models) const {
  const auto count = static_cast<double>(honest_.size());
  const double squares = blocked_sum(workload_.dimension(), [&](std::size_t i) {
    double mean = 0;
    for (const WorkerId node : honest_) mean += static_cast<double>(models[node][i]) / count;
    double sum = 0;
    for (const WorkerId node : honest_) {
      const double difference = static_cast<double>(models[node][i]) - mean;
      sum += difference * difference;
    }
    return sum;
  });
  return std::sqrt(squares / count);
}

template class NodeEvaluator<float>;
template class NodeEvaluator<double>;

}  // namespace syncline
