#pragma once

#include <algorithm>
#include <memory>
#include <vector>

#include "fleet/worker/program.hpp"
#include "policy/coding/cyclic_code.hpp"

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

  ProgramResult run(const ProgramJob<Real>& job, std::span<Real> payload) const override {
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
    return {loss / job.steps, job.ended() ? 0 : job.steps};
  }
};

/// The same by a cyclic code (CyclicCode): worker w of n computes the gradients of the s + 1 parts
/// from part w on and pushes their combination by its row of the code. For one version everybody
/// takes the same mini-batch of a part, so the server decodes the gradient that `sync` would have.
template <class Real>
class CyclicGradients final : public WorkerProgram<Real> {
 public:
  explicit CyclicGradients(const Arguments& arguments)
      : code_(best_cyclic_code(static_cast<std::uint32_t>(arguments.at_least_one("workers")),
                               static_cast<std::uint32_t>(arguments.whole("stragglers")))) {}
  [[nodiscard]] bool takes_local_steps() const override { return false; }

  ProgramResult run(const ProgramJob<Real>& job, std::span<Real> payload) const override {
    const std::span<const double> row = code_->row(job.worker);
    std::vector<Real> gradient(payload.size());
    std::fill(payload.begin(), payload.end(), Real(0));
    double loss = 0;
    for (std::uint32_t i = 0; i < row.size(); ++i) {
      const WorkerId part = (job.worker + i) % code_->workers();
      loss += job.gradient_of(part, job.version, job.read, gradient);
      const auto factor = static_cast<Real>(row[i]);
      for (std::size_t j = 0; j < payload.size(); ++j) payload[j] += factor * gradient[j];
    }
    // Batch-norm statistics are means, and a row sums to its length.
    const Real share = Real(1) / static_cast<Real>(row.size());
    for (std::size_t j = job.dimension; j < payload.size(); ++j) payload[j] *= share;
    return {loss / static_cast<double>(row.size()), job.ended() ? 0 : job.steps};
  }

 private:
  std::shared_ptr<const CyclicCode> code_;
};

}  // namespace syncline
