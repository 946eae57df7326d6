#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>

#include "syncline/event.hpp"
#include "syncline/registry.hpp"

namespace syncline {

/// One job, as its program sees it.
template <class Real>
struct ProgramJob {
  std::span<const Real> read;      ///< the state that the worker received
  std::span<const Real> previous;  ///< the version before; at version 0 the same
  std::size_t dimension = 0;       ///< parameters at the front of a state
  WorkerId worker = 0;
  Version version = 0;      ///< of `read`
  std::uint32_t steps = 1;  ///< local steps
  double step_size = 0;     ///< of local steps
  double weight_decay = 0;  ///< likewise
  /// The gradient of the job's i-th mini-batch at a state, into a vector of the state's length (its
  /// end takes the batch-norm statistics); returns the mean loss.
  std::function<double(std::span<const Real> state, std::uint32_t i, std::span<Real> result)>
      gradient;
  /// The same for mini-batch `number` of the data of worker `owner`.
  std::function<double(WorkerId owner, std::uint64_t number, std::span<const Real> state,
                       std::span<Real> result)>
      gradient_of;
  /// Whether the job has to end: then the gradient that was asked for last means nothing.
  std::function<bool()> ended;
};

/// What came of a job besides the payload.
struct ProgramResult {
  double loss = 0;          ///< mean over the mini-batches
  std::uint32_t steps = 0;  ///< done; 0: the payload means nothing
};

/// What a worker computes in one job. Immutable; safe to share.
template <class Real>
class WorkerProgram {
 public:
  virtual ~WorkerProgram() = default;

  /// Vectors of the model's dimension in a payload; batch-norm statistics follow them.
  [[nodiscard]] virtual std::size_t vectors() const { return 1; }
  /// Whether the payload is a displacement, which the server subtracts as it is, or a gradient,
  /// which it multiplies by the step size.
  [[nodiscard]] virtual bool takes_local_steps() const = 0;
  [[nodiscard]] virtual bool needs_previous() const { return false; }

  /// Fills the payload with what the steps before the end of the job have come to.
  virtual ProgramResult run(const ProgramJob<Real>& job, std::span<Real> payload) const = 0;
};

/// A factory makes the program in both precisions.
struct ProgramFactory {
  std::function<std::unique_ptr<const WorkerProgram<float>>(const Arguments&)> single;
  std::function<std::unique_ptr<const WorkerProgram<double>>(const Arguments&)> full;
};

/// gradient, local-sgd, local-momentum-reduced: named by Requirements::program.
[[nodiscard]] const Registry<ProgramFactory>& worker_programs();

template <class Real>
[[nodiscard]] std::unique_ptr<const WorkerProgram<Real>> make_program(std::string_view spec);

}  // namespace syncline
