#pragma once

#include <atomic>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "fleet/training/training_run.hpp"
#include "support/tiny_dataset.hpp"
#include "syncline/workload.hpp"

namespace syncline::testing {

/// A short run of a small model: 6 workers, 60 updates, evaluated every 2 units of time.
inline RunConfig short_run(const std::string& policy) {
  RunConfig config;
  config.policy = policy;
  config.seed = 7;
  config.threads = 1;
  config.fleet.workers = 6;
  config.fleet.delay = "exponential(rate=1)";
  config.model.batch = 8;
  config.optimizer.step_size = 0.05;
  config.stop.updates = 60;
  config.stop.evaluate_every = 2;
  config.stop.evaluation_samples = 60;
  return config;
}

template <class Real>
std::shared_ptr<const Workload<Real>> tiny_workload(const std::string& spec,
                                                    const TinyShape& shape = tiny_grey) {
  WorkloadContext context;
  context.dataset = tiny_dataset(shape);
  return make_workload<Real>(spec, context);
}

inline std::shared_ptr<const FleetTiming> timing_of(const RunConfig& config) {
  return std::make_shared<const FleetTiming>(config.fleet, 1000.0);
}

/// What a run leaves behind.
template <class Real>
struct Finished {
  RunResult result;
  std::vector<Real> state;
};

template <class Real>
Finished<Real> run(const RunConfig& config, std::shared_ptr<const Workload<Real>> workload,
                   const Progress& progress = {}) {
  TrainingRun<Real> training(config, std::move(workload), timing_of(config));
  RunResult result = training.run(progress);
  return {std::move(result), training.state()};
}

template <class Real>
bool same_bits(const std::vector<Real>& a, const std::vector<Real>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(Real)) == 0;
}

/// Passes everything on and counts the gradients: to see what is computed in vain.
template <class Real>
class CountingWorkload final : public Workload<Real> {
 public:
  explicit CountingWorkload(std::shared_ptr<const Workload<Real>> inner)
      : inner_(std::move(inner)) {}

  [[nodiscard]] std::size_t dimension() const override { return inner_->dimension(); }
  [[nodiscard]] std::size_t buffers() const override { return inner_->buffers(); }
  void initialise(std::uint64_t seed, std::span<Real> state) const override {
    inner_->initialise(seed, state);
  }
  [[nodiscard]] std::unique_ptr<Replica<Real>> make_replica() const override {
    return std::make_unique<CountingReplica>(inner_->make_replica(), gradients_);
  }
  [[nodiscard]] const Dataset* dataset() const override { return inner_->dataset(); }
  [[nodiscard]] std::size_t samples(Split split) const override { return inner_->samples(split); }
  [[nodiscard]] bool classifies() const override { return inner_->classifies(); }
  [[nodiscard]] std::vector<NamedTensor> layout() const override { return inner_->layout(); }

  [[nodiscard]] std::uint64_t gradients() const { return gradients_; }

 private:
  class CountingReplica final : public Replica<Real> {
   public:
    CountingReplica(std::unique_ptr<Replica<Real>> inner, std::atomic<std::uint64_t>& gradients)
        : inner_(std::move(inner)), gradients_(gradients) {}
    double gradient(std::span<const Real> state, std::span<const std::uint32_t> batch,
                    const DrawKey& key, std::span<Real> payload) override {
      ++gradients_;
      return inner_->gradient(state, batch, key, payload);
    }
    EvaluationSums evaluate(std::span<const Real> state, Split split, std::size_t first,
                            std::size_t last) override {
      return inner_->evaluate(state, split, first, last);
    }

   private:
    std::unique_ptr<Replica<Real>> inner_;
    std::atomic<std::uint64_t>& gradients_;
  };

  std::shared_ptr<const Workload<Real>> inner_;
  mutable std::atomic<std::uint64_t> gradients_{0};
};

}  // namespace syncline::testing
