#include "server/parameter_server.hpp"

#include <algorithm>
#include <cmath>

#include "server/kernels.hpp"
#include "server/transforms/clip.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

void check_non_negative(double value, const char* key) {
  if (std::isfinite(value) && value >= 0) return;
  throw ConfigError("optimizer." + std::string(key) + " must be a finite number from 0 on, not " +
                    std::to_string(value));
}

}  // namespace

template <class Real>
ParameterServer<Real>::ParameterServer(const Workload<Real>& workload,
                                       const OptimizerConfig& config, const ServerLayout& layout)
    : dimension_(workload.dimension()),
      buffers_(workload.buffers()),
      buffer_momentum_(workload.buffer_momentum()),
      config_(config),
      workers_(layout.workers),
      optimizer_(make_optimizer<Real>(config.name, workload.dimension())),
      schedule_(make_schedule(config.schedule)),
      rule_(make_rule(config.rule)),
      pool_(std::make_unique<SnapshotPool<Real>>(dimension_ + buffers_)),
      current_(pool_->take()),
      transform_(make_transform<Real>(layout.transform, dimension_)),
      k_(layout.workers) {
  if (!std::isfinite(config.step_size) || config.step_size <= 0) {
    throw ConfigError("optimizer.step_size must be above 0, not " +
                      std::to_string(config.step_size));
  }
  check_non_negative(config.weight_decay, "weight_decay");
  check_non_negative(config.clip, "clip");
  check_step_size_scaling(config.scaling);
  const AggregatorShape shape = {dimension_, dimension_ + buffers_, layout.seed};
  for (std::uint32_t slot = 0; slot < layout.slots; ++slot) {
    slots_.push_back(make_aggregator<Real>(layout.aggregator, shape));
  }
  for (std::uint32_t table = 0; table < layout.tables; ++table) {
    tables_.emplace_back(layout.workers, dimension_ + buffers_);
  }
  if (transform_) transformed_.resize(dimension_ + buffers_);
  current_->version = 0;
  workload.initialise(layout.seed, current_->state);
}

template <class Real>
double ParameterServer<Real>::step_size() const {
  // The clock of the step about to be taken.
  const TrainingClock clock = {static_cast<double>(current_->version),
                               gradients_ * epochs_per_gradient_, k_ * epochs_per_gradient_};
  return config_.step_size * schedule_->factor(clock) *
         step_size_scaling(config_.scaling, k_, workers_);
}

template <class Real>
auto ParameterServer<Real>::weigh(std::span<const Real> payload, const Snapshot<Real>& read)
    -> Weighed {
  const auto now = std::span<const Real>(current_->state).first(dimension_);
  const auto then = std::span<const Real>(read.state).first(dimension_);
  double factor = 1;
  if (transform_) {
    std::copy(payload.begin(), payload.end(), transformed_.begin());
    factor = transform_->apply(std::span<Real>(transformed_).first(dimension_), now, then);
    payload = transformed_;
  }
  const auto gradient = payload.first(dimension_);
  if (config_.clip > 0) {
    factor *= clip_factor(factor * std::sqrt(squared_norm<Real>(gradient)), config_.clip);
  }
  if (rule_->needs_distance() && read.version != current_->version) {
    factor *= rule_->factor(squared_distance<Real>(now, then), step_size());
  }
  if (noise_.on()) noise_.note(factor, gradient);
  if (scalars_.on()) scalars_.folded(factor, gradient);
  return {factor, payload};
}

template <class Real>
void ParameterServer<Real>::fold(Slot slot, double weight, std::span<const Real> payload,
                                 const Snapshot<Real>& read, WorkerId worker) {
  const Weighed weighed = weigh(payload, read);
  if (is_table(slot)) {
    table_of(slot).fold(worker, weight * weighed.factor, weighed.payload);
  } else {
    slots_[slot]->add(weight * weighed.factor, weighed.payload);
  }
}

template <class Real>
void ParameterServer<Real>::put(Slot table, std::span<const Real> payload,
                                const Snapshot<Real>& read, WorkerId worker) {
  const Weighed weighed = weigh(payload, read);
  table_of(table).put(worker, weighed.factor, weighed.payload);
}

template <class Real>
void ParameterServer<Real>::clear(Slot slot) {
  if (is_table(slot)) {
    table_of(slot).clear();
  } else {
    slots_[slot]->clear();
  }
}

template <class Real>
std::shared_ptr<const Snapshot<Real>> ParameterServer<Real>::noise_probe(double sign) const {
  if (!noise_.ready()) return nullptr;
  std::vector<Real> way(dimension_);
  noise_.draw(way);
  optimizer_->influence(step_size(), way);
  // Not from the pool, whose size tells how many versions a run needs.
  auto probe = std::make_shared<Snapshot<Real>>(*current_);
  for (std::size_t i = 0; i < dimension_; ++i) probe->state[i] += static_cast<Real>(sign) * way[i];
  return probe;
}

template <class Real>
std::shared_ptr<const Snapshot<Real>> ParameterServer<Real>::average() const {
  if (average_.count() == 0) return nullptr;
  return std::make_shared<const Snapshot<Real>>(Snapshot<Real>{current_->version, average_.mean()});
}

template <class Real>
void ParameterServer<Real>::step(Slot slot, double scale, std::uint64_t version) {
  const bool from_table = is_table(slot);
  const std::span<Real> aggregate = from_table ? table_of(slot).result() : slots_[slot]->result();
  const double weight = from_table ? 1 : slots_[slot]->weight();
  const std::size_t payloads = from_table ? table_of(slot).fresh() : slots_[slot]->count();
  const double eta = step_size() * scale;
  const std::span<Real> gradient = aggregate.first(dimension_);
  if (scalars_.on()) scalars_.aggregated(gradient, weight);
  if (config_.weight_decay > 0) {
    const auto decay = static_cast<Real>(config_.weight_decay);
    for (std::size_t i = 0; i < dimension_; ++i) gradient[i] += decay * current_->state[i];
  }

  const std::shared_ptr<Snapshot<Real>> before = current_;
  // In place where no worker reads this version any more: pool, current_ and `before` hold it.
  constexpr long own_references = 3;
  if (before.use_count() > own_references || scalars_.on()) current_ = pool_->take();
  optimizer_->step(std::span<const Real>(before->state).first(dimension_), gradient, eta,
                   std::span<Real>(current_->state).first(dimension_));
  if (scalars_.on()) {
    scalars_.moved(std::span<const Real>(before->state).first(dimension_),
                   std::span<const Real>(current_->state).first(dimension_));
  }

  for (std::size_t i = dimension_; i < dimension_ + buffers_; ++i) {
    const double batch = static_cast<double>(aggregate[i]) / weight;
    const double running = static_cast<double>(before->state[i]);
    current_->state[i] = static_cast<Real>(running + buffer_momentum_ * (batch - running));
  }
  current_->version = version;
  if (average_.on()) average_.note(current_->state);
  gradients_ += static_cast<double>(payloads);
  if (from_table) {
    table_of(slot).stepped();
  } else {
    slots_[slot]->clear();
  }
}

template <class Real>
void ParameterServer<Real>::restore(std::shared_ptr<Snapshot<Real>> current, double gradients,
                                    double k) {
  current_ = std::move(current);
  gradients_ = gradients;
  k_ = k;
}

template class ParameterServer<float>;
template class ParameterServer<double>;

}  // namespace syncline
