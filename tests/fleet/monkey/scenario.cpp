#include "fleet/monkey/scenario.hpp"

#include <cmath>

#include "fleet/worker/worker_parts.hpp"
#include "support/policy_samples.hpp"
#include "syncline/error.hpp"

namespace syncline::testing {
namespace {

using Seconds = SimulatedNetwork::Seconds;

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
  return config.policy + ", " + std::to_string(config.fleet.workers) + " workers, codec " +
         config.worker.codec + ", momentum " + std::to_string(config.worker.momentum) +
         ", micro-batches " + std::to_string(config.model.micro_batches) + ", injected " +
         config.fleet.inject_delay +
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

Scenario random_scenario(std::uint64_t seed) {
  Draw draw(seed * 2 + 1);
  Scenario scenario;
  RunConfig& config = scenario.config;
  config = quiet_config();
  config.seed = 1 + draw.below(1000);
  const auto& policies = sample_policies();
  config.policy = policies[draw.below(policies.size())];
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
  scenario.monkey = random_monkey(seed + 77, workers);
  return scenario;
}

}  // namespace syncline::testing
