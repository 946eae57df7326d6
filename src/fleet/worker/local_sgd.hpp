#pragma once

#include <vector>

#include "fleet/worker/program.hpp"

namespace syncline {

/// H steps of SGD, with heavy-ball momentum or without, from the state that was received; the
/// payload is how far they went, w_read - y_H. Batch-norm statistics are means over the steps.
template <class Real>
class LocalSgd final : public WorkerProgram<Real> {
 public:
  explicit LocalSgd(const Arguments& arguments) {
    const double momentum = arguments.non_negative("momentum");
    if (momentum >= 1) arguments.refuse("momentum", "must be below 1");
    momentum_ = static_cast<Real>(momentum);
  }
  [[nodiscard]] bool takes_local_steps() const override { return true; }

  double run(const ProgramJob<Real>& job, std::span<Real> payload) const override {
    const std::size_t length = job.read.size();
    std::vector<Real> here(job.read.begin(), job.read.end());
    std::vector<Real> gradient(length), velocity(length, Real(0)), statistics(length, Real(0));
    const auto eta = static_cast<Real>(job.step_size);
    const auto decay = static_cast<Real>(job.weight_decay);
    const std::size_t dimension = job.dimension;
    double loss = 0;
    for (std::uint32_t step = 0; step < job.steps; ++step) {
      loss += job.gradient(here, step, gradient);
      for (std::size_t i = 0; i < dimension; ++i) {
        velocity[i] = momentum_ * velocity[i] + gradient[i] + decay * here[i];
        here[i] -= eta * velocity[i];
      }
      for (std::size_t i = dimension; i < length; ++i) statistics[i] += gradient[i];
    }
    for (std::size_t i = 0; i < dimension; ++i) payload[i] = job.read[i] - here[i];
    for (std::size_t i = dimension; i < length; ++i) {
      payload[i] = statistics[i] / static_cast<Real>(job.steps);
    }
    return loss / job.steps;
  }

 private:
  Real momentum_ = 0;
};

}  // namespace syncline
