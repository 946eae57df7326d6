#pragma once

#include <array>

#include "fleet/decentralised/network.hpp"
#include "fleet/decentralised/node_evaluator.hpp"
#include "syncline/progress.hpp"
#include "trace/run_statistics.hpp"
#include "trace/timeline_recorder.hpp"

namespace syncline {

/// Keeps the books of a run without a server: virtual time, evaluations, when to end, figures.
/// Events come in order of time.
template <class Real>
class NodeRecord {
 public:
  /// All must outlive it.
  NodeRecord(const Network<Real>& network, ComputePool<Real>& pool, std::vector<bool> faulty,
             const Progress& progress);

  [[nodiscard]] double now() const { return now_; }
  [[nodiscard]] Version updates() const { return version_; }  ///< rounds, or gradients of pairs
  [[nodiscard]] std::uint64_t gradients() const { return account_.applied; }

  /// Evaluates at the grid points before the next update, which comes at `time`. False if the run
  /// ends without it.
  [[nodiscard]] bool goes_on(double time);
  void started(const Job& job);
  /// A gradient is there and will be applied; the model that it was computed at has been changed
  /// by others so many times since. Non-finite losses of honest nodes end the run.
  void computed(const Job& job, double time, std::uint64_t staleness, double loss);
  void waits(WorkerId node, double time);
  void waited(WorkerId node, double time);
  void updated(double time);

  [[nodiscard]] bool diverged() const { return outcome_ == Outcome::diverged; }
  /// With the models as they are now.
  [[nodiscard]] DecentralisedResult result(bool final_evaluation);

 private:
  void evaluate(double time);
  [[nodiscard]] EvaluationPoint present(double time) const;
  [[nodiscard]] std::array<HostObserver*, 2> observers() { return {&statistics_, &timeline_}; }

  const Network<Real>& network_;
  const StopConfig& stop_;
  std::vector<bool> faulty_;
  const Progress& progress_;
  NodeEvaluator<Real> evaluator_;
  RunStatistics statistics_;
  TimelineRecorder timeline_;

  double now_ = 0;
  Version version_ = 0;
  Account account_;
  Outcome outcome_ = Outcome::finished;
  std::optional<Version> diverged_at_;
  std::optional<double> target_time_;
  double grid_interval_ = 0;        ///< virtual time between evaluations, or
  std::uint64_t grid_updates_ = 0;  ///< updates between them
  std::uint64_t grid_index_ = 0;
  std::vector<EvaluationPoint> points_;
  std::vector<WorstNode> worst_;
  double evaluation_seconds_ = 0;
};

}  // namespace syncline
