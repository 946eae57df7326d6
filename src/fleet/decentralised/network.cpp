#include "fleet/decentralised/network.hpp"

#include <cmath>

#include "fleet/decentralised/network_checks.hpp"
#include "server/kernels.hpp"
#include "server/transforms/clip.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

template <class Real>
RunConfig checked(const RunConfig& config, const Workload<Real>& workload) {
  check_node_config(config, workload.classifies());
  return config;
}

template <class Real>
double message_bytes(const Workload<Real>& workload) {
  return static_cast<double>((workload.dimension() + workload.buffers()) * sizeof(Real));
}

template <class Real>
std::unique_ptr<const Sampler> make_sampler(const RunConfig& config,
                                            const Workload<Real>& workload) {
  const Dataset* dataset = workload.dataset();
  if (dataset == nullptr) return nullptr;
  return std::make_unique<const Sampler>(config.model.partition, dataset->train.labels,
                                         dataset->classes, config.fleet.workers, config.seed);
}

}  // namespace

template <class Real>
Network<Real>::Network(const RunConfig& config, std::shared_ptr<const Workload<Real>> workload)
    : config_(checked(config, *workload)),
      workload_(std::move(workload)),
      method_(make_node_method(config_.policy)),
      topology_(make_topology(method_.topology, config_.fleet.workers, method_.neighbours)),
      timing_(config_.fleet, message_bytes(*workload_)),
      sampler_(make_sampler(config_, *workload_)),
      schedule_(make_schedule(config_.optimizer.schedule)),
      models_(config_.fleet.workers,
              std::vector<Real>(workload_->dimension() + workload_->buffers())) {
  if (!method_.mixing.empty()) mixing_ = make_mixing<Real>(method_.mixing, shape(), topology_);
  if (workload_->dataset() == nullptr && schedule_->needs_epochs()) {
    throw ConfigError("optimizer.schedule is in epochs, and the model '" + config_.model.workload +
                      "' has no data set: use updates");
  }
  for (auto& model : models_) workload_->initialise(config_.seed, model);
}

template <class Real>
AggregatorShape Network<Real>::shape() const {
  return {workload_->dimension(), workload_->dimension() + workload_->buffers(), config_.seed};
}

template <class Real>
double Network<Real>::gradient(Replica<Real>& replica, WorkerId node, std::uint64_t job,
                               std::span<const Real> model, std::span<Real> payload) const {
  // Analytic workloads read only how many samples there are.
  std::vector<std::uint32_t> batch(config_.model.batch, 0);
  if (sampler_) sampler_->draw(node, job, batch);
  const double loss = replica.gradient(model, batch, {config_.seed, node, job}, payload);
  const std::span<Real> gradient = payload.first(workload_->dimension());
  if (config_.optimizer.clip > 0) {
    const double norm = std::sqrt(squared_norm<Real>(gradient));
    const auto factor = static_cast<Real>(clip_factor(norm, config_.optimizer.clip));
    for (Real& g : gradient) g *= factor;
  }
  if (config_.optimizer.weight_decay > 0) {
    const auto decay = static_cast<Real>(config_.optimizer.weight_decay);
    for (std::size_t i = 0; i < gradient.size(); ++i) gradient[i] += decay * model[i];
  }
  return loss;
}

template <class Real>
void Network<Real>::descend(std::span<const Real> payload, double rho,
                            std::span<Real> model) const {
  const std::size_t dimension = workload_->dimension();
  const auto step = static_cast<Real>(rho);
  for (std::size_t i = 0; i < dimension; ++i) model[i] -= step * payload[i];
  const auto momentum = static_cast<Real>(workload_->buffer_momentum());
  for (std::size_t i = dimension; i < model.size(); ++i) {
    model[i] += momentum * (payload[i] - model[i]);
  }
}

template <class Real>
double Network<Real>::step_size(std::uint64_t step, std::uint64_t gradients) const {
  TrainingClock clock;
  clock.updates = static_cast<double>(step);
  if (const Dataset* dataset = workload_->dataset()) {
    const double epochs =
        static_cast<double>(config_.model.batch) / static_cast<double>(dataset->train.count);
    clock.epochs = static_cast<double>(gradients) * epochs;
    const bool rounds = method_.timing == NodeMethod::Timing::rounds;
    clock.epochs_per_update = epochs * (rounds ? nodes() : 1);
  }
  return config_.optimizer.step_size * schedule_->factor(clock);
}

template class Network<float>;
template class Network<double>;

}  // namespace syncline
