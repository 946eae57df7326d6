#include "race/run_queue.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

#include "base/compute_threads.hpp"
#include "fleet/decentralised/run.hpp"
#include "fleet/training/load_workload.hpp"
#include "fleet/training/training_run.hpp"
#include "fleet/training/unlike_data.hpp"
#include "fleet/virtual/run_timing.hpp"
#include "syncline/decentralised.hpp"

namespace syncline {

/// Knows the precision; everything else of a race does not.
class RunQueue::Runner {
 public:
  virtual ~Runner() = default;
  virtual std::optional<std::string> check(const RunConfig& config) const = 0;
  virtual RunResult run(const RunConfig& config, bool final_evaluation,
                        const Progress& progress) const = 0;
};

namespace {

template <class Base, class Real>
class RunnerAs final : public Base {
 public:
  explicit RunnerAs(const RunConfig& base) : workload_(load_workload<Real>(base.model)) {}

  std::optional<std::string> check(const RunConfig& config) const override {
    if (is_node_method(config.policy)) {
      const DecentralisedRun<Real> refuses_what_is_wrong(config, workload_);
      return std::nullopt;
    }
    const auto timing = run_timing(config, *workload_);
    const TrainingRun<Real> run(config, workload_, timing);
    return unlike_data_warning(config, run.requirements(), *timing);
  }

  RunResult run(const RunConfig& config, bool final_evaluation,
                const Progress& progress) const override {
    if (is_node_method(config.policy)) {
      DecentralisedRun<Real> run(config, workload_);
      run.set_final_evaluation(final_evaluation);
      return run.run(progress).run;
    }
    TrainingRun<Real> run(config, workload_, run_timing(config, *workload_));
    run.set_final_evaluation(final_evaluation);
    return run.run(progress);
  }

 private:
  std::shared_ptr<const Workload<Real>> workload_;
};

}  // namespace

RunQueue::RunQueue(const RunConfig& base, const Progress& progress)
    : progress_(progress), threads_(compute_threads(base.threads)) {
  if (double_precision(base.model)) {
    runner_ = std::make_unique<RunnerAs<Runner, double>>(base);
  } else {
    runner_ = std::make_unique<RunnerAs<Runner, float>>(base);
  }
}

RunQueue::~RunQueue() = default;

std::optional<std::string> RunQueue::check(const RunConfig& config) const {
  return runner_->check(config);
}

std::vector<RunResult> RunQueue::run(const std::vector<RunConfig>& configs, bool final_evaluation) {
  std::vector<RunResult> results(configs.size());
  std::vector<std::exception_ptr> errors(configs.size());
  std::vector<double> fractions(configs.size(), 0.0);
  std::atomic<std::size_t> next{0};
  std::mutex progress_mutex;

  const auto tell = [&](std::size_t index, const std::string& what, double fraction) {
    const std::lock_guard lock(progress_mutex);
    fractions[index] = fraction;
    double done = static_cast<double>(finished_);
    for (const double part : fractions) done += part;
    progress_.report(what, std::min(1.0, done / static_cast<double>(std::max<std::size_t>(
                                                    1, std::max(expected_, finished_ + 1)))));
  };
  const auto serve = [&] {
    for (std::size_t index = next++; index < configs.size(); index = next++) {
      if (progress_.stop()) return;
      Progress own;
      own.interrupted = progress_.interrupted;
      own.report = [&, index](const std::string& what, double fraction) {
        tell(index, what, fraction);
      };
      RunConfig config = configs[index];
      config.threads = 1;
      try {
        results[index] = runner_->run(config, final_evaluation, own);
      } catch (...) {
        errors[index] = std::current_exception();
      }
      tell(index, config.policy, 1.0);
    }
  };
  std::vector<std::thread> threads;
  for (std::uint32_t i = 1; i < std::min<std::size_t>(threads_, configs.size()); ++i) {
    threads.emplace_back(serve);
  }
  serve();
  for (auto& thread : threads) thread.join();
  for (const auto& error : errors) {
    if (error) std::rethrow_exception(error);
  }
  finished_ += configs.size();
  return results;
}

}  // namespace syncline
