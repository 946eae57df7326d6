#include "fleet/worker/worker_parts.hpp"

#include <algorithm>

#include "syncline/attack.hpp"

namespace syncline {

Requirements requirements_of(const RunConfig& config) {
  PolicyContext context;
  context.workers = config.fleet.workers;
  context.runtimes = [](const std::string&, std::uint64_t k_max) {
    return std::vector<double>(k_max, 1.0);
  };
  return make_policy(config.policy, context)->requirements();
}

template <class Real>
std::unique_ptr<Sampler> make_sampler(const RunConfig& config, const Workload<Real>& workload) {
  const Dataset* dataset = workload.dataset();
  if (dataset == nullptr) return nullptr;
  return std::make_unique<Sampler>(config.model.partition, dataset->train.labels, dataset->classes,
                                   config.fleet.workers, config.seed);
}

template <class Real>
std::function<bool(WorkerId)> label_flipper(const RunConfig& config,
                                            const Workload<Real>& workload) {
  AggregatorShape shape;
  shape.dimension = workload.dimension();
  const std::shared_ptr<Attack<Real>> attack =
      make_attack<Real>(config.worker.attack, shape, config.fleet.workers);
  if (!attack || !attack->flips_labels()) return [](WorkerId) { return false; };
  return [attack](WorkerId worker) { return attack->bad(worker); };
}

std::uint32_t pieces_of_gradient(const RunConfig& config) {
  return static_cast<std::uint32_t>(
      std::min<std::uint64_t>(config.model.micro_batches, config.model.batch));
}

std::shared_ptr<const DelayProfile> injected_delay(const RunConfig& config) {
  if (config.fleet.inject_delay == "none") return nullptr;
  return std::make_shared<const DelayProfile>(
      DelayProfile::parse(config.fleet.inject_delay, config.fleet.workers));
}

template std::unique_ptr<Sampler> make_sampler(const RunConfig&, const Workload<float>&);
template std::unique_ptr<Sampler> make_sampler(const RunConfig&, const Workload<double>&);
template std::function<bool(WorkerId)> label_flipper(const RunConfig&, const Workload<float>&);
template std::function<bool(WorkerId)> label_flipper(const RunConfig&, const Workload<double>&);

}  // namespace syncline
