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
      gradient_length_(layout.vectors * dimension_),
      local_steps_(layout.local_steps),
      totals_(layout.totals),
      buffer_momentum_(workload.buffer_momentum()),
      config_(config),
      workers_(layout.workers),
      optimizer_(make_optimizer<Real>(config.name, workload.dimension())),
      schedule_(make_schedule(config.schedule)),
      rule_(make_rule(config.rule)),
      pool_(std::make_unique<SnapshotPool<Real>>(dimension_ + buffers_)),
      current_(pool_->take()),
      transform_(
          make_transform<Real>(layout.transform, {dimension_, layout.workers, layout.totals})),
      k_(layout.workers) {
  if (!std::isfinite(config.step_size) || config.step_size <= 0) {
    throw ConfigError("optimizer.step_size must be above 0, not " +
                      std::to_string(config.step_size));
  }
  check_non_negative(config.weight_decay, "weight_decay");
  check_non_negative(config.clip, "clip");
  check_step_size_scaling(config.scaling);
  if (totals_ != nullptr) optimizer_->sum_with(*totals_);
  const std::size_t length = gradient_length_ + buffers_;
  const AggregatorShape shape = {gradient_length_, length, layout.seed};
  for (std::uint32_t slot = 0; slot < layout.slots; ++slot) {
    slots_.push_back(make_aggregator<Real>(layout.aggregator, shape));
  }
  merged_.assign(layout.slots, 0);
  for (std::uint32_t table = 0; table < layout.tables; ++table) {
    tables_.emplace_back(layout.workers, length);
  }
  attack_ = make_attack<Real>(layout.attack, shape, layout.workers);
  if (transform_ || attack_) changed_.resize(length);
  current_->version = 0;
  workload.initialise(layout.seed, current_->state);
}

template <class Real>
void ParameterServer<Real>::start_from(std::span<const double> state) {
  std::transform(state.begin(), state.end(), current_->state.begin(),
                 [](double x) { return static_cast<Real>(x); });
}

template <class Real>
void ParameterServer<Real>::keep_only(const std::vector<std::uint32_t>& coordinates) {
  std::size_t next = 0;
  for (std::size_t i = 0; i < dimension_; ++i) {
    if (next < coordinates.size() && coordinates[next] == i) {
      ++next;
    } else {
      current_->state[i] = 0;
    }
  }
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
auto ParameterServer<Real>::weigh(std::span<const Real> payload, const Snapshot<Real>& read,
                                  const Sender& sender) -> Weighed {
  const auto now = std::span<const Real>(current_->state).first(dimension_);
  const auto then = std::span<const Real>(read.state).first(dimension_);
  double factor = 1;
  if (transform_ || attack_) {
    std::copy(payload.begin(), payload.end(), changed_.begin());
    payload = changed_;
  }
  if (attack_) {
    if (attack_->bad(sender.worker)) {
      attack_->apply(sender.worker, sender.job, changed_);
    } else {
      attack_->observe(sender.worker, changed_);
    }
  }
  if (transform_) {
    factor =
        transform_->apply(sender.worker, std::span<Real>(changed_).first(dimension_), now, then);
  }
  const auto gradient = payload.first(gradient_length_);
  if (config_.clip > 0) {
    factor *= clip_factor(factor * std::sqrt(squared_norm<Real>(gradient, totals_)), config_.clip);
  }
  if (rule_->needs_distance() && read.version != current_->version) {
    factor *= rule_->factor(squared_distance<Real>(now, then, totals_), step_size());
  }
  if (noise_.on()) noise_.note(factor, gradient);
  if (scalars_.on()) scalars_.folded(factor, gradient);
  return {factor, payload};
}

template <class Real>
void ParameterServer<Real>::fold(Slot slot, double weight, std::span<const Real> payload,
                                 const Snapshot<Real>& read, const Sender& sender) {
  const Weighed weighed = weigh(payload, read, sender);
  if (is_table(slot)) {
    table_of(slot).fold(sender.worker, weight * weighed.factor, weighed.payload);
  } else {
    slots_[slot]->add(weight * weighed.factor, weighed.payload);
  }
}

template <class Real>
void ParameterServer<Real>::put(Slot table, std::span<const Real> payload,
                                const Snapshot<Real>& read, const Sender& sender) {
  const Weighed weighed = weigh(payload, read, sender);
  table_of(table).put(sender.worker, weighed.factor, weighed.payload);
}

template <class Real>
void ParameterServer<Real>::clear(Slot slot) {
  if (is_table(slot)) {
    table_of(slot).clear();
  } else {
    slots_[slot]->clear();
    merged_[slot] = 0;
  }
}

template <class Real>
void ParameterServer<Real>::merge(Slot from, Slot into, double weight) {
  Aggregator<Real>& source = *slots_[from];
  const std::span<Real> aggregate = source.result();
  const double own = source.weight();
  // As a payload it has the mean of the statistics, not their weighted sum.
  for (Real& statistic : aggregate.subspan(gradient_length_)) {
    statistic = static_cast<Real>(static_cast<double>(statistic) / own);
  }
  slots_[into]->add(weight, aggregate);
  merged_[into] += merged_[from] + source.count() - 1;
  clear(from);
}

template <class Real>
void ParameterServer<Real>::describe(const Observables& wanted, std::span<const Real> payload,
                                     const Snapshot<Real>& read, const Sender&, Arrive& event) {
  if (wanted.norm) {
    event.norm = std::sqrt(squared_norm<Real>(payload.first(dimension_), totals_));
  }
  if (!wanted.distance) return;
  const std::span<const Real> here = current_->state;
  const std::span<const Real> there = read.state;
  event.distance = current_.get() == &read
                       ? 0
                       : std::sqrt(squared_distance<Real>(here.first(dimension_),
                                                          there.first(dimension_), totals_));
}

template <class Real>
auto ParameterServer<Real>::noise_probe(double sign) -> State {
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
auto ParameterServer<Real>::average() -> State {
  if (average_.count() == 0) return nullptr;
  return std::make_shared<const Snapshot<Real>>(Snapshot<Real>{current_->version, average_.mean()});
}

template <class Real>
void ParameterServer<Real>::step(Slot slot, double scale, std::uint64_t version) {
  const bool from_table = is_table(slot);
  const std::span<Real> aggregate = from_table ? table_of(slot).result() : slots_[slot]->result();
  const double weight = from_table ? 1 : slots_[slot]->weight();
  const std::size_t payloads =
      from_table ? table_of(slot).fresh() : slots_[slot]->count() + merged_[slot];
  // Local steps have their size in them already, and the decay of the weights.
  const double eta = local_steps_ ? scale : step_size() * scale;
  const std::span<Real> gradient = aggregate.first(gradient_length_);
  if (scalars_.on()) scalars_.aggregated(gradient, weight);
  if (config_.weight_decay > 0 && !local_steps_) {
    const auto decay = static_cast<Real>(config_.weight_decay);
    for (std::size_t i = 0; i < dimension_; ++i) gradient[i] += decay * current_->state[i];
  }

  const std::shared_ptr<Snapshot<Real>> before = current_;
  // In place where no worker reads this version any more: pool, current_ and `before` hold it.
  constexpr long own_references = 3;
  const bool kept = before.use_count() > own_references || scalars_.on() || keeps_previous_;
  if (kept) current_ = pool_->take();
  if (keeps_previous_) previous_ = before;
  optimizer_->step(std::span<const Real>(before->state).first(dimension_), gradient, eta,
                   std::span<Real>(current_->state).first(dimension_));
  if (scalars_.on()) {
    scalars_.moved(std::span<const Real>(before->state).first(dimension_),
                   std::span<const Real>(current_->state).first(dimension_));
  }

  for (std::size_t i = 0; i < buffers_; ++i) {
    const double batch = static_cast<double>(aggregate[gradient_length_ + i]) / weight;
    const double running = static_cast<double>(before->state[dimension_ + i]);
    current_->state[dimension_ + i] =
        static_cast<Real>(running + buffer_momentum_ * (batch - running));
  }
  current_->version = version;
  if (average_.on()) average_.note(current_->state);
  if (attack_) attack_->stepped();
  gradients_ += static_cast<double>(payloads);
  if (from_table) {
    table_of(slot).stepped();
  } else {
    clear(slot);
  }
}

template class ParameterServer<float>;
template class ParameterServer<double>;

}  // namespace syncline
