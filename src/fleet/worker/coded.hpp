#pragma once

#include <vector>

#include "fleet/worker/program.hpp"

namespace syncline {

/// Gradient coding by fractional repetition (Tandon, Lei, Dimakis, Karampatziakis, arXiv
/// 1612.03301): workers in groups of H share H parts of the data, part p being what worker p alone
/// would have; each computes the gradients of all parts of its group and pushes their sum. For one
/// version everybody takes the same mini-batch of a part, so one worker's sum is as good as
/// another's.
template <class Real>
class CodedGradients final : public WorkerProgram<Real> {
 public:
  explicit CodedGradients(const Arguments&) {}
  [[nodiscard]] bool takes_local_steps() const override { return false; }

  double run(const ProgramJob<Real>& job, std::span<Real> payload) const override {
    const std::uint32_t first = job.worker / job.steps * job.steps;
    std::vector<Real> gradient(payload.size());
    double loss = job.gradient_of(first, job.version, job.read, payload);
    for (std::uint32_t part = first + 1; part < first + job.steps; ++part) {
      loss += job.gradient_of(part, job.version, job.read, gradient);
      for (std::size_t i = 0; i < payload.size(); ++i) payload[i] += gradient[i];
    }
    // Batch-norm statistics are means, and gradients are summed over all parts by the server.
    const Real share = Real(1) / static_cast<Real>(job.steps);
    for (std::size_t i = job.dimension; i < payload.size(); ++i) payload[i] *= share;
    return loss / job.steps;
  }
};

}  // namespace syncline
