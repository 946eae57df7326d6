#include "fleet/monkey/scenario.hpp"

#include <cmath>

#include "fleet/training/load_workload.hpp"
#include "fleet/training/run_parts.hpp"
#include "fleet/worker/worker_parts.hpp"
#include "server/kernels.hpp"
#include "support/policy_samples.hpp"
#include "syncline/error.hpp"

namespace syncline::testing {
namespace {

using Seconds = SimulatedNetwork::Seconds;

/// Of so many seeds one has shards.
constexpr std::uint64_t sharded_every = 5;

RunConfig quiet_config() {
  RunConfig config;
  config.threads = 1;
  config.fleet.kind = "grpc";
  config.model.workload = "quadratic(dimension=12, noise=0.1)";
  config.model.precision = "float64";
  config.model.batch = 4;
  config.optimizer.step_size = 0.01;
  config.stop.updates = 12;
  config.stop.evaluate_every = 0.05;
  config.stop.evaluation_samples = 1;
  return config;
}

class Draw {
 public:
  explicit Draw(std::uint64_t seed) : random_(seed) {}
  double uniform() { return std::uniform_real_distribution<double>(0, 1)(random_); }
  bool chance(double probability) { return uniform() < probability; }
  std::uint64_t below(std::uint64_t end) { return random_() % end; }
  double log_uniform(double low, double high) { return low * std::pow(high / low, uniform()); }

 private:
  std::mt19937_64 random_;
};

/// All of it, whatever happens; nothing at all; and what lies in between.
void draw_durability(Draw& draw, Scenario& scenario) {
  RunConfig& config = scenario.config;
  config.checkpoint_every = draw.chance(0.5) ? 0 : 1e9;
  scenario.checkpoints = draw.chance(0.9);
  if (!scenario.checkpoints) {
    scenario.most_lost = config.stop.updates;
  } else if (draw.chance(0.4)) {
    config.durability = "every-update";
  } else if (draw.chance(0.4)) {
    scenario.most_lost = 1 + draw.below(5);
    config.durability = std::to_string(scenario.most_lost);
  } else if (config.checkpoint_every > 0) {
    scenario.most_lost = config.stop.updates;
  } else {
    scenario.most_lost = 1;  // whose checkpoint is being written
  }
}

/// The same, where the parameters are at shards, which keep no payloads.
void draw_sharded_durability(Scenario& scenario) {
  RunConfig& config = scenario.config;
  config.durability = RunConfig().durability;
  const bool often = scenario.checkpoints && config.checkpoint_every == 0;
  scenario.most_lost = often ? 1 : config.stop.updates;
}

bool takes_shards(const RunConfig& config) {
  const auto workload = load_workload<double>(config.model);
  const auto program = make_program<double>(requirements_of(config).program);
  const Wire<double> wire(*workload, config.worker, config.seed, config.fleet.workers,
                          program->vectors());
  try {
    check_sharded(config, *program, wire);
    return true;
  } catch (const ConfigError&) {
    return false;
  }
}

/// What makes shards add up sums, and what does not.
void draw_sums(Draw& draw, RunConfig& config) {
  const RunConfig plain = config;
  const char* const optimizers[] = {"sgd", "momentum(momentum=0.9)", "adam", "normalised"};
  config.optimizer.name = optimizers[draw.below(4)];
  if (draw.chance(0.3)) config.optimizer.clip = 0.5;
  if (draw.chance(0.2)) config.server.transform = "median-clip(window=5)";
  const auto requirements = requirements_of(config);
  try {
    static_cast<void>(server_optimizer(config, requirements));
    static_cast<void>(server_layout(config, requirements,
                                    *make_program<double>(requirements.program),
                                    *load_workload<double>(config.model)));
  } catch (const ConfigError&) {
    config = plain;  // the policy brings its own
  }
}

bool takes_workers(const RunConfig& config) {
  try {
    static_cast<void>(requirements_of(config));
    return true;
  } catch (const ConfigError&) {
    return false;
  }
}

}  // namespace

std::string Scenario::text() const {
  return config.policy + ", " + std::to_string(config.fleet.workers) + " workers, " +
         std::to_string(network.shards) + " shards, codec " + config.worker.codec + ", momentum " +
         std::to_string(config.worker.momentum) + ", micro-batches " +
         std::to_string(config.model.micro_batches) + ", injected " + config.fleet.inject_delay +
         (checkpoints ? ", durability " + config.durability + ", checkpoints every " +
                            std::to_string(config.checkpoint_every)
                      : ", no checkpoints");
}

Scenario small_scenario(const std::string& policy, std::uint32_t workers, Monkey monkey) {
  Scenario scenario;
  scenario.config = quiet_config();
  scenario.config.policy = policy;
  scenario.config.fleet.workers = workers;
  scenario.config.stop.updates = 6;
  scenario.config.model.micro_batches = 2;
  scenario.config.worker.momentum = 0.5;
  scenario.config.worker.codec = "top-k(share=0.3)";
  scenario.config.checkpoint_every = 1e9;
  scenario.config.durability = "every-update";
  scenario.network.workers = workers;
  scenario.gradients.assign(workers, Seconds(0.005));
  scenario.monkey = std::move(monkey);
  return scenario;
}

void put_at_shards(Scenario& scenario, std::uint32_t shards) {
  scenario.network.shards = shards;
  // A block for each, the last of them not full.
  const std::size_t dimension = (shards - 1) * sum_block + 12;
  scenario.config.model.workload =
      "quadratic(dimension=" + std::to_string(dimension) + ", noise=0.1)";
}

Scenario random_scenario(std::uint64_t seed) {
  Draw draw(seed * 2 + 1);
  Scenario scenario;
  RunConfig& config = scenario.config;
  config = quiet_config();
  config.seed = 1 + draw.below(1000);
  const std::uint32_t shards =
      seed % sharded_every == 0 ? 2 + static_cast<std::uint32_t>(draw.below(2)) : 0;
  if (shards > 0) put_at_shards(scenario, shards);
  const auto& policies = sample_policies();
  do {
    config.policy = policies[draw.below(policies.size())];
  } while (shards > 0 && !takes_shards(config));
  config.fleet.workers = static_cast<std::uint32_t>(1 + draw.below(6));
  // Not every policy can do with few workers.
  while (!takes_workers(config) && config.fleet.workers < 12) ++config.fleet.workers;
  config.stop.updates = 5 + draw.below(20);
  config.model.micro_batches = static_cast<std::uint32_t>(1 + draw.below(4));
  const bool single = requirements_of(config).program == "gradient";
  if (single && draw.chance(0.4)) config.worker.momentum = 0.5;
  const char* const codecs[] = {"none", "top-k(share=0.3)", "qsgd(bits=4)", "fp16"};
  if (draw.chance(0.5)) config.worker.codec = codecs[draw.below(4)];
  if (draw.chance(0.3)) config.worker.pull_codec = "bf16";
  if (draw.chance(0.3)) config.fleet.inject_delay = "exponential(rate=300)";
  if (draw.chance(0.3)) config.fleet.on_shortage = "shrink";
  draw_durability(draw, scenario);
  if (shards > 0) {
    config.worker.pull_codec = "none";
    draw_sharded_durability(scenario);
    draw_sums(draw, config);
  }
  const std::uint32_t workers = config.fleet.workers;
  scenario.network.seed = seed;
  scenario.network.workers = workers;
  scenario.network.delay = Seconds(draw.log_uniform(0.0001, 0.02));
  if (draw.chance(0.3)) scenario.network.keepalive = Seconds(draw.log_uniform(1, 100));
  if (draw.chance(0.3)) scenario.network.busy = 0.02;
  for (std::uint32_t worker = 0; worker < workers; ++worker) {
    scenario.gradients.emplace_back(draw.log_uniform(0.001, 0.1));
  }
  scenario.loading = Seconds(draw.log_uniform(0.001, 3));
  scenario.network.step = Seconds(draw.log_uniform(0.0001, 0.002));
  scenario.monkey = random_monkey(seed + 77, workers, shards);
  return scenario;
}

}  // namespace syncline::testing
