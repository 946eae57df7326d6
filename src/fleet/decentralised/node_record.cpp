#include "fleet/decentralised/node_record.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace syncline {
namespace {

using Stopwatch = std::chrono::steady_clock;

double seconds_since(Stopwatch::time_point begin) {
  return std::chrono::duration<double>(Stopwatch::now() - begin).count();
}

// As for policies with a server.
constexpr std::uint64_t usual_evaluations = 100;
constexpr double timeline_jobs = 12;

}  // namespace

template <class Real>
NodeRecord<Real>::NodeRecord(const Network<Real>& network, ComputePool<Real>& pool,
                             std::vector<bool> faulty, const Progress& progress)
    : network_(network),
      stop_(network.config().stop),
      faulty_(std::move(faulty)),
      progress_(progress),
      evaluator_(network.workload(), pool, stop_.evaluation_samples, faulty_),
      statistics_(network.nodes(), 0, true),
      timeline_(network.nodes(), timeline_jobs * network.timing().profile.law(0).quantile(0.5)),
      grid_interval_(stop_.evaluate_every) {
  if (grid_interval_ == 0 && stop_.time > 0) {
    grid_interval_ = stop_.time / static_cast<double>(usual_evaluations);
  }
  if (grid_interval_ == 0) {
    grid_updates_ = std::max<std::uint64_t>(1, stop_.updates / usual_evaluations);
    evaluate(0);
  }
}

template <class Real>
bool NodeRecord<Real>::goes_on(double time) {
  const double last = stop_.time > 0 ? stop_.time * (1 + 1e-12) : INFINITY;
  const auto full = [&] { return stop_.updates > 0 && version_ >= stop_.updates; };
  while (grid_interval_ > 0 && !target_time_ && !full()) {
    const double at = static_cast<double>(grid_index_) * grid_interval_;
    if (at >= time || at > last) break;
    ++grid_index_;
    evaluate(at);
  }
  if (target_time_) outcome_ = Outcome::target;
  return outcome_ == Outcome::finished && !full() && !(stop_.time > 0 && time > stop_.time);
}

template <class Real>
void NodeRecord<Real>::started(const Job& job) {
  ++account_.started;
  ++account_.in_flight;
  for (HostObserver* observer : observers()) observer->started(job);
}

template <class Real>
void NodeRecord<Real>::computed(const Job& job, double time, std::uint64_t staleness, double loss) {
  --account_.in_flight;
  ++account_.computed;
  ++account_.applied;
  if (!std::isfinite(loss) && !faulty_[job.worker] && !diverged_at_) {
    diverged_at_ = version_ + 1;
    outcome_ = Outcome::diverged;
  }
  // Observers take the staleness from the version that was read.
  Job read = job;
  read.read = version_ - staleness;
  for (HostObserver* observer : observers()) {
    observer->arrived(read, time);
    observer->folded(read, time, 0, 1);
  }
}

template <class Real>
void NodeRecord<Real>::waits(WorkerId node, double time) {
  for (HostObserver* observer : observers()) observer->parked(node, time);
}

template <class Real>
void NodeRecord<Real>::waited(WorkerId node, double time) {
  for (HostObserver* observer : observers()) observer->resumed(node, time);
}

template <class Real>
void NodeRecord<Real>::updated(double time) {
  now_ = time;
  ++version_;
  for (HostObserver* observer : observers()) {
    observer->stepped(0, 1, version_, time);
    observer->settled(time);
  }
  if (grid_updates_ > 0 && version_ % grid_updates_ == 0 && !diverged()) evaluate(time);
  const auto part = [](double done, double all) { return all > 0 ? done / all : 0; };
  progress_.report(network_.config().policy,
                   std::min(1.0, std::max(part(static_cast<double>(version_),
                                               static_cast<double>(stop_.updates)),
                                          part(now_, stop_.time))));
  if (progress_.stop() && outcome_ == Outcome::finished) outcome_ = Outcome::interrupted;
}

template <class Real>
EvaluationPoint NodeRecord<Real>::present(double time) const {
  EvaluationPoint point;
  point.time = time;
  point.update = version_;
  point.gradients = account_.applied;
  point.compute = statistics_.compute_time(time);
  return point;
}

template <class Real>
void NodeRecord<Real>::evaluate(double time) {
  const auto begin = Stopwatch::now();
  const auto evaluation = evaluator_.evaluate(present(time), network_.models());
  evaluation_seconds_ += seconds_since(begin);
  points_.push_back(evaluation.point);
  worst_.push_back(evaluation.worst);
  const Metrics& metrics = evaluation.point.metrics;
  progress_.evaluated({time, version_, metrics.test_error, metrics.test_loss, metrics.train_loss});
  if (stop_.target > 0 && !target_time_) {
    target_time_ = time_to_target(points_, stop_.metric, stop_.target);
  }
}

template <class Real>
DecentralisedResult NodeRecord<Real>::result(bool final_evaluation) {
  DecentralisedResult result;
  RunResult& run = result.run;
  const RunConfig& config = network_.config();
  run.policy = config.policy;
  run.seed = config.seed;
  run.step_size = config.optimizer.step_size;
  run.workers = config.fleet.workers;
  run.outcome = outcome_;
  run.diverged_at = diverged_at_;
  run.target_time = target_time_;
  if (final_evaluation && !diverged()) {
    const auto begin = Stopwatch::now();
    const auto evaluation = evaluator_.full(present(now_), network_.models());
    evaluation_seconds_ += seconds_since(begin);
    run.final_metrics = evaluation.point.metrics;
    result.final_worst = evaluation.worst;
    result.final_nodes = evaluation.nodes;
  }
  run.points = points_;
  run.updates = version_;
  run.elapsed = now_;
  run.account = account_;
  run.staleness = statistics_.staleness();
  run.idle_fraction = statistics_.idle_fraction();
  run.contributions = statistics_.contributions();
  run.timeline = timeline_.timeline();
  run.evaluation_seconds = evaluation_seconds_;
  result.worst = worst_;
  result.faulty = faulty_;
  result.topology = network_.topology();
  return result;
}

template class NodeRecord<float>;
template class NodeRecord<double>;

}  // namespace syncline
