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

  ProgramResult run(const ProgramJob<Real>& job, std::span<Real> payload) const override {
    const std::size_t length = job.read.size();
    std::vector<Real> here(job.read.begin(), job.read.end());
    std::vector<Real> gradient(length), velocity(length, Real(0)), statistics(length, Real(0));
    const auto eta = static_cast<Real>(job.step_size);
    const auto decay = static_cast<Real>(job.weight_decay);
    const std::size_t dimension = job.dimension;
    double loss = 0;
    std::uint32_t done = 0;
    for (; done < job.steps; ++done) {
      const double loss_here = job.gradient(here, done, gradient);
      if (job.ended()) break;
      loss += loss_here;
      for (std::size_t i = 0; i < dimension; ++i) {
        velocity[i] = momentum_ * velocity[i] + gradient[i] + decay * here[i];
        here[i] -= eta * velocity[i];
      }
      for (std::size_t i = dimension; i < length; ++i) statistics[i] += gradient[i];
    }
    if (done == 0) return {};
    for (std::size_t i = 0; i < dimension; ++i) payload[i] = job.read[i] - here[i];
    for (std::size_t i = dimension; i < length; ++i) {
      payload[i] = statistics[i] / static_cast<Real>(done);
    }
    return {loss / done, done};
  }

 private:
  Real momentum_ = 0;
};

}  // namespace syncline
