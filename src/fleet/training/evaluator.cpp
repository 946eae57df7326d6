#include "fleet/training/evaluator.hpp"

#include <algorithm>
#include <cmath>

namespace syncline {
namespace {

constexpr std::uint64_t chunk_samples = 250;

}  // namespace

template <class Real>
class Evaluator<Real>::ChunkTask final : public ComputeTask<Real> {
 public:
  ChunkTask(std::shared_ptr<const Snapshot<Real>> snapshot, Split split, std::size_t first,
            std::size_t last)
      : snapshot_(std::move(snapshot)), split_(split), first_(first), last_(last) {}

  void run(Replica<Real>& replica) override {
    sums_ = replica.evaluate(snapshot_->state, split_, first_, last_);
  }
  [[nodiscard]] const EvaluationSums& sums() const { return sums_; }

 private:
  std::shared_ptr<const Snapshot<Real>> snapshot_;
  Split split_;
  std::size_t first_, last_;
  EvaluationSums sums_;
};

template <class Real>
Evaluator<Real>::Evaluator(const Workload<Real>& workload, ComputePool<Real>& pool,
                           std::uint64_t subset)
    : workload_(workload), pool_(pool), subset_(subset) {}

template <class Real>
typename Evaluator<Real>::Chunks Evaluator<Real>::chunks(
    const std::shared_ptr<const Snapshot<Real>>& snapshot, Split split, std::uint64_t samples,
    std::uint64_t priority) {
  const std::uint64_t all = workload_.samples(split);
  const std::uint64_t wanted = samples == 0 ? all : std::min(samples, all);
  const std::uint64_t count = (wanted + chunk_samples - 1) / chunk_samples;
  Chunks result;
  for (std::uint64_t i = 0; i < count; ++i) {
    // Evenly spaced over the split, so that a set sorted by class is fairly represented.
    const std::uint64_t length =
        i + 1 < count ? chunk_samples : wanted - (count - 1) * chunk_samples;
    const std::uint64_t first = i * chunk_samples + (all - wanted) * i / count;
    result.push_back(std::make_shared<ChunkTask>(snapshot, split, first, first + length));
    pool_.submit(result.back(), priority);
  }
  return result;
}

template <class Real>
EvaluationSums Evaluator<Real>::total(const Chunks& chunks) {
  EvaluationSums total;
  for (const auto& chunk : chunks) {
    pool_.wait(chunk);
    total.loss += chunk->sums().loss;
    total.wrong += chunk->sums().wrong;
    total.samples += chunk->sums().samples;
  }
  return total;
}

template <class Real>
Metrics Evaluator<Real>::metrics(const EvaluationSums& test, const EvaluationSums& train) const {
  const auto error = [&](const EvaluationSums& sums) {
    return workload_.classifies() ? sums.wrong / sums.samples : std::nan("");
  };
  return {error(test), test.loss / test.samples, train.loss / train.samples, error(train)};
}

template <class Real>
void Evaluator<Real>::begin(const EvaluationPoint& point,
                            std::shared_ptr<const Snapshot<Real>> snapshot,
                            std::uint64_t priority) {
  Pending pending;
  pending.point = point;
  pending.test = chunks(snapshot, Split::test, subset_, priority);
  pending.train = chunks(snapshot, Split::train, subset_, priority);
  pending_.push_back(std::move(pending));
}

template <class Real>
EvaluationPoint Evaluator<Real>::collect() {
  Pending pending = std::move(pending_.front());
  pending_.pop_front();
  const EvaluationSums test = total(pending.test);
  pending.point.metrics = metrics(test, total(pending.train));
  return pending.point;
}

template <class Real>
double Evaluator<Real>::train_loss(const std::shared_ptr<const Snapshot<Real>>& snapshot) {
  const EvaluationSums sums = total(chunks(snapshot, Split::train, subset_, 0));
  return sums.loss / sums.samples;
}

template <class Real>
Metrics Evaluator<Real>::full(const std::shared_ptr<const Snapshot<Real>>& snapshot) {
  const Chunks test = chunks(snapshot, Split::test, 0, 0);
  const Chunks train = chunks(snapshot, Split::train, 0, 0);
  const EvaluationSums test_sums = total(test);
  return metrics(test_sums, total(train));
}

template class Evaluator<float>;
template class Evaluator<double>;

}  // namespace syncline
