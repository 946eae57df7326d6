#include "fleet/training/run_parts.hpp"

#include "fleet/worker/codec_context.hpp"
#include "syncline/aggregator.hpp"
#include "syncline/attack.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

void check_aggregator(const RunConfig& config, const Requirements& requirements) {
  const std::string& aggregator = config.server.aggregator;
  const AggregatorNeeds needs = aggregator_needs(aggregator);
  const std::string refusal =
      "server.aggregator: " + aggregator + " can't work with '" + config.policy + "': ";
  if (requirements.tables > 0 && aggregator != "mean") {
    throw ConfigError(refusal +
                      "that policy keeps a table of the workers' gradients and steps "
                      "with its mean");
  }
  if (requirements.payloads_per_step < needs.payloads) {
    throw ConfigError(refusal + "it needs " + std::to_string(needs.payloads) +
                      " gradients in every step, and may get only " +
                      std::to_string(requirements.payloads_per_step));
  }
  if (needs.distinct_workers && !requirements.distinct_workers) {
    throw ConfigError(refusal +
                      "it needs gradients of different workers, and one fast worker "
                      "could send several; use k-sync or k-async");
  }
}

/// A rule that compares coordinates sees nothing but zeros where each worker sends others.
template <class Real>
void check_codec(const RunConfig& config, const Workload<Real>& workload) {
  if (config.worker.codec == "none" || config.server.aggregator == "mean") return;
  const CodecContext context = codec_context(workload, config.seed, Direction::push);
  if (!make_codec<Real>(config.worker.codec, context)->facts().mostly_zeros) return;
  throw ConfigError("worker.codec: " + config.worker.codec + " can't work with the aggregator " +
                    config.server.aggregator +
                    ": most coordinates of most gradients arrive as 0, and so would its result be; "
                    "use ticket, whose mask is the same for all, fp16, or a finer qsgd");
}

template <class Real>
void check_attack(const RunConfig& config, const Workload<Real>& workload) {
  const auto attack = make_attack<Real>(config.worker.attack, {}, config.fleet.workers);
  if (!attack || !attack->flips_labels()) return;
  if (workload.dataset() != nullptr && workload.classifies()) return;
  throw ConfigError("worker.attack: " + config.worker.attack + " needs labels, and the model '" +
                    config.model.workload + "' has none: it classifies nothing");
}

/// Momentum is of one gradient after the other.
void check_momentum(const RunConfig& config, const Requirements& requirements) {
  if (config.worker.momentum == 0 || requirements.program == "gradient") return;
  throw ConfigError("worker.momentum: the workers of '" + config.policy +
                    "' don't push one gradient each, but " + requirements.program +
                    "; leave it at 0");
}

/// A factor for each payload by itself spoils what only all of them together are.
void check_plain_payloads(const RunConfig& config, const Requirements& requirements) {
  if (requirements.transform != "none" || config.optimizer.clip == 0) return;
  throw ConfigError("optimizer.clip: the policy '" + config.policy +
                    "' needs its payloads as they are; leave it at 0");
}

}  // namespace

OptimizerConfig server_optimizer(const RunConfig& config, const Requirements& requirements) {
  OptimizerConfig optimizer = config.optimizer;
  if (requirements.optimizer.empty()) return optimizer;
  if (optimizer.name != OptimizerConfig{}.name) {
    throw ConfigError("optimizer.name: the policy '" + config.policy + "' brings its own, " +
                      requirements.optimizer + "; leave it at " + OptimizerConfig{}.name);
  }
  optimizer.name = requirements.optimizer;
  return optimizer;
}

template <class Real>
ServerLayout server_layout(const RunConfig& config, const Requirements& requirements,
                           const WorkerProgram<Real>& program, const Workload<Real>& workload) {
  ServerLayout layout;
  layout.vectors = program.vectors();
  layout.local_steps = program.takes_local_steps();
  layout.attack = config.worker.attack;
  layout.workers = config.fleet.workers;
  layout.slots = requirements.slots;
  layout.tables = requirements.tables;
  layout.seed = config.seed;
  layout.aggregator = config.server.aggregator;
  layout.transform = config.server.transform;
  if (!requirements.transform.empty()) {
    if (layout.transform != "none") {
      throw ConfigError("server.transform: the policy '" + config.policy + "' brings its own, " +
                        requirements.transform + "; leave it at none");
    }
    layout.transform = requirements.transform;
  }
  check_aggregator(config, requirements);
  check_codec(config, workload);
  check_attack(config, workload);
  check_momentum(config, requirements);
  check_plain_payloads(config, requirements);
  return layout;
}

template <class Real>
void prepare_parameters(Parameters<Real>& parameters, const RunConfig& config,
                        const Requirements& requirements, const WorkerProgram<Real>& program,
                        const Workload<Real>& workload) {
  if (const Dataset* dataset = workload.dataset()) {
    parameters.set_epochs_per_gradient(static_cast<double>(config.model.batch) /
                                       static_cast<double>(dataset->train.count));
  }
  for (const Measurement& measurement : requirements.measurements) {
    if (measurement.name == "noise_cost") parameters.watch_noise();
    if (measurement.name == "average_loss") parameters.watch_average();
  }
  if (program.needs_previous()) parameters.keep_previous();
  parameters.watch_steps(requirements.observables);
}

template <class Real>
void check_sharded(const RunConfig& config, const WorkerProgram<Real>& program,
                   const Wire<Real>& wire) {
  const auto refuse = [](const std::string& what) {
    throw ConfigError(what + " needs whole vectors, and those of this run are in shards");
  };
  if (program.vectors() > 1 || program.needs_previous())
    refuse("the policy '" + config.policy + "'");
  if (aggregator_needs(config.server.aggregator).whole_vectors) {
    refuse("server.aggregator: " + config.server.aggregator);
  }
  if (config.worker.attack != "none") refuse("worker.attack: " + config.worker.attack);
  if (wire.codes_pulls()) refuse("worker.pull_codec: " + config.worker.pull_codec);
  if (wire.ticket() != nullptr) refuse("worker.codec: " + config.worker.codec);
  if (config.durability != "checkpoint") {
    throw ConfigError(
        "output.durability: payloads that go to shards are not kept; leave it at "
        "checkpoint");
  }
}

template void prepare_parameters(Parameters<float>&, const RunConfig&, const Requirements&,
                                 const WorkerProgram<float>&, const Workload<float>&);
template void prepare_parameters(Parameters<double>&, const RunConfig&, const Requirements&,
                                 const WorkerProgram<double>&, const Workload<double>&);
template void check_sharded(const RunConfig&, const WorkerProgram<float>&, const Wire<float>&);
template void check_sharded(const RunConfig&, const WorkerProgram<double>&, const Wire<double>&);
template ServerLayout server_layout(const RunConfig&, const Requirements&,
                                    const WorkerProgram<float>&, const Workload<float>&);
template ServerLayout server_layout(const RunConfig&, const Requirements&,
                                    const WorkerProgram<double>&, const Workload<double>&);

}  // namespace syncline
