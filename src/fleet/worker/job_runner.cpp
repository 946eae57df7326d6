#include "fleet/worker/job_runner.hpp"

#include <algorithm>

namespace syncline {
namespace {

/// Where a draw's number says which micro-batch of a gradient it is for; the first has the
/// gradient's own.
constexpr unsigned micro_batch_shift = 40;

/// One mini-batch gradient, as the mean over its micro-batches.
template <class Real>
class MiniBatch {
 public:
  MiniBatch(Replica<Real>& replica, std::span<const std::uint32_t> samples, std::uint32_t pieces)
      : replica_(replica),
        samples_(samples),
        pieces_(std::clamp<std::size_t>(pieces, 1, samples.size())) {}

  /// `go_on` is asked before each piece; once it says no, the result means nothing.
  template <class GoOn>
  double gradient(std::span<const Real> state, DrawKey key, std::span<Real> result, GoOn&& go_on) {
    if (!go_on()) return 0;
    if (pieces_ == 1) return replica_.gradient(state, samples_, key, result);
    std::fill(result.begin(), result.end(), Real(0));
    std::vector<Real> part(result.size());
    double loss = 0;
    const std::uint64_t number = key.job;
    for (std::size_t piece = 0; piece < pieces_; ++piece) {
      if (piece > 0 && !go_on()) return 0;
      const std::size_t first = samples_.size() * piece / pieces_;
      const std::size_t end = samples_.size() * (piece + 1) / pieces_;
      key.job = number | static_cast<std::uint64_t>(piece) << micro_batch_shift;
      const double share = static_cast<double>(end - first) / static_cast<double>(samples_.size());
      loss += share * replica_.gradient(state, samples_.subspan(first, end - first), key, part);
      for (std::size_t i = 0; i < part.size(); ++i) result[i] += static_cast<Real>(share) * part[i];
    }
    return loss;
  }

 private:
  Replica<Real>& replica_;
  std::span<const std::uint32_t> samples_;
  std::size_t pieces_;
};

}  // namespace

template <class Real>
JobRunner<Real>::JobRunner(const Workload<Real>& workload, const Sampler* sampler,
                           const RunConfig& config, const WorkerProgram<Real>& program,
                           const WorkerMomentum<Real>& momentum, const Wire<Real>& wire,
                           std::function<bool(WorkerId)> flips_labels)
    : workload_(workload),
      sampler_(sampler),
      batch_(config.model.batch),
      micro_batches_(config.model.micro_batches),
      seed_(config.seed),
      weight_decay_(config.optimizer.weight_decay),
      program_(program),
      momentum_(momentum),
      wire_(wire),
      flips_labels_(std::move(flips_labels)) {}

template <class Real>
std::size_t JobRunner<Real>::payload_length() const {
  return program_.vectors() * workload_.dimension() + workload_.buffers();
}

template <class Real>
JobOutcome<Real> JobRunner<Real>::run(const Job& job, const JobStart<Real>& start,
                                      const WorkerMemory<Real>& memory, Replica<Real>& replica,
                                      std::span<Real> payload, const JobControl& control) const {
  const DrawKey key = {seed_, job.worker, job.gradient};
  const auto read = wire_.pull(key, start.read);
  const auto previous = start.previous ? wire_.pull(key, start.previous) : read;
  replica.flip_labels(flips_labels_(job.worker));

  std::uint32_t begun = 0;  // gradients
  bool ended = false;
  const auto go_on = [&] { return !ended && !(ended = !control.go_on(begun)); };
  ProgramJob<Real> program_job;
  program_job.read = read->state;
  program_job.previous = previous->state;
  program_job.dimension = workload_.dimension();
  program_job.steps = job.work.steps;
  program_job.step_size = start.step_size;
  program_job.weight_decay = weight_decay_;
  program_job.worker = job.worker;
  program_job.version = job.read;
  program_job.gradient_of = [&](WorkerId owner, std::uint64_t number, std::span<const Real> state,
                                std::span<Real> result) {
    // Analytic workloads read only how many samples there are: their noise falls with it.
    std::vector<std::uint32_t> batch(batch_, 0);
    if (sampler_ != nullptr) sampler_->draw(owner, number, batch);
    const double loss = MiniBatch<Real>(replica, batch, micro_batches_)
                            .gradient(state, {seed_, owner, number}, result, go_on);
    ++begun;
    return loss;
  };
  program_job.gradient = [&](std::span<const Real> state, std::uint32_t i, std::span<Real> result) {
    return program_job.gradient_of(job.worker, job.gradient + i, state, result);
  };
  program_job.ended = [&] { return ended; };

  JobOutcome<Real> outcome;
  const ProgramResult result = program_.run(program_job, payload);
  outcome.steps = result.steps;
  outcome.loss = result.loss;
  if (outcome.steps == 0) return outcome;
  outcome.memory.velocity = momentum_.apply(memory.velocity, payload);
  outcome.memory.unsent = wire_.push(key, payload, memory.unsent);
  return outcome;
}

template class JobRunner<float>;
template class JobRunner<double>;

}  // namespace syncline
