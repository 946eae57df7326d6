#pragma once

#include <algorithm>
#include <vector>

#include "fleet/worker/program.hpp"

namespace syncline {

/// The workers of FedLOMO and FedGLOMO (Das et al., arXiv 2012.04061, algorithms 1 and 2): E local
/// steps y <- y - eta v with a gradient whose noise is reduced by momentum,
///
///     v <- g(y; B)  at first,  else  g(y; B) + a (v - g(y_before; B)),  both g on one mini-batch B
///
/// where a is the damping, 1 in the theory. FedGLOMO runs a second chain on the same mini-batches
/// from the version before; the payload is d = w - y_E and, second, d less the displacement of that
/// chain. One mini-batch stands for the full local gradient of the first step, as in the paper's
/// experiments.
template <class Real>
class LocalMomentum final : public WorkerProgram<Real> {
 public:
  explicit LocalMomentum(const Arguments& arguments)
      : two_chains_(arguments.boolean("two_chains")),
        damping_(static_cast<Real>(arguments.non_negative("damping"))) {}

  [[nodiscard]] bool takes_local_steps() const override { return true; }
  [[nodiscard]] std::size_t vectors() const override { return two_chains_ ? 2 : 1; }
  [[nodiscard]] bool needs_previous() const override { return two_chains_; }

  ProgramResult run(const ProgramJob<Real>& job, std::span<Real> payload) const override {
    const std::size_t d = job.dimension;
    std::vector<Real> statistics(job.read.size(), Real(0));
    std::vector<Real> displacement(d);
    const double loss = chain(job, job.read, displacement, statistics);
    std::copy(displacement.begin(), displacement.end(), payload.begin());
    std::copy(statistics.begin() + static_cast<std::ptrdiff_t>(d), statistics.end(),
              payload.begin() + static_cast<std::ptrdiff_t>(d * vectors()));
    if (two_chains_) {
      chain(job, job.previous, displacement, statistics);
      for (std::size_t i = 0; i < d; ++i) payload[d + i] = payload[i] - displacement[i];
    }
    // Both chains must have gone equally far, so half a job is none.
    return {loss, job.ended() ? 0 : job.steps};
  }

 private:
  /// Mean loss over the steps; `statistics` gets the mean batch-norm statistics at its end.
  double chain(const ProgramJob<Real>& job, std::span<const Real> start,
               std::vector<Real>& displacement, std::vector<Real>& statistics) const {
    const std::size_t d = job.dimension;
    const auto eta = static_cast<Real>(job.step_size);
    const auto decay = static_cast<Real>(job.weight_decay);
    std::vector<Real> here(start.begin(), start.end());
    std::vector<Real> before = here;
    std::vector<Real> gradient(here.size()), old_gradient(here.size()), direction(d);
    std::fill(statistics.begin(), statistics.end(), Real(0));
    double loss = 0;
    for (std::uint32_t step = 0; step < job.steps; ++step) {
      loss += job.gradient(here, step, gradient);
      if (step > 0) job.gradient(before, step, old_gradient);
      for (std::size_t i = 0; i < d; ++i) {
        const Real now = gradient[i] + decay * here[i];
        direction[i] =
            step == 0 ? now : now + damping_ * (direction[i] - old_gradient[i] - decay * before[i]);
        before[i] = here[i];
        here[i] -= eta * direction[i];
      }
      for (std::size_t i = d; i < here.size(); ++i) {
        statistics[i] += gradient[i] / static_cast<Real>(job.steps);
      }
    }
    for (std::size_t i = 0; i < d; ++i) displacement[i] = start[i] - here[i];
    return loss / job.steps;
  }

  bool two_chains_;
  Real damping_;
};

}  // namespace syncline
