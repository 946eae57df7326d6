#pragma once

#include "fleet/worker/program.hpp"

namespace syncline {

/// One mini-batch gradient.
template <class Real>
class GradientProgram final : public WorkerProgram<Real> {
 public:
  explicit GradientProgram(const Arguments&) {}
  [[nodiscard]] bool takes_local_steps() const override { return false; }
  ProgramResult run(const ProgramJob<Real>& job, std::span<Real> payload) const override {
    const double loss = job.gradient(job.read, 0, payload);
    return {loss, job.ended() ? 0U : 1U};
  }
};

}  // namespace syncline
