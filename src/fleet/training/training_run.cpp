#include "fleet/training/training_run.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <nlohmann/json.hpp>

#include "base/compute_threads.hpp"
#include "fleet/fleet_event.hpp"
#include "fleet/training/make_run_fleet.hpp"
#include "fleet/training/run_context.hpp"
#include "fleet/training/run_parts.hpp"
#include "fleet/worker/worker_parts.hpp"
#include "syncline/error.hpp"
#include "trace/config_json.hpp"
#include "trace/document.hpp"

namespace syncline {
namespace {

using Stopwatch = std::chrono::steady_clock;

double seconds_since(Stopwatch::time_point begin) {
  return std::chrono::duration<double>(Stopwatch::now() - begin).count();
}

/// Evaluations on the grid, where the user doesn't say how far apart they are.
constexpr double usual_evaluations = 100;
/// Evaluations between two events: a log may claim that the next comes in an age.
constexpr std::size_t most_evaluations = 1'000'000;
/// Median job lengths that the timeline of the report shows.
constexpr double timeline_jobs = 12;

RunConfig checked(RunConfig config) {
  if (config.model.batch == 0) throw ConfigError("model.batch must be at least 1");
  const StopConfig& stop = config.stop;
  if (!std::isfinite(stop.time) || stop.time < 0 || !std::isfinite(stop.target) ||
      stop.target < 0 || !std::isfinite(stop.evaluate_every) || stop.evaluate_every < 0) {
    throw ConfigError("stop.time, stop.target and stop.evaluate_every must be finite, from 0 on");
  }
  if (stop.updates == 0 && stop.time == 0) {
    throw ConfigError("the run would never end: set stop.updates or stop.time");
  }
  static_cast<void>(metric_value({}, stop.metric));  // refuses an unknown name
  return config;
}

/// Updates that a killed server may lose; nullopt: all since the last checkpoint.
std::optional<std::uint64_t> updates_at_risk(const RunConfig& config) {
  const std::string& durability = config.durability;
  if (durability == "checkpoint") return std::nullopt;
  if (config.checkpoint.empty()) {
    throw ConfigError("output.durability is '" + durability +
                      "', and updates are kept beside checkpoints: give output.checkpoint, or "
                      "leave it out");
  }
  if (durability == "every-update") return 0;
  std::uint64_t updates = 0;
  const char* end = durability.data() + durability.size();
  const auto [read, error] = std::from_chars(durability.data(), end, updates);
  if (error != std::errc() || read != end || updates == 0) {
    throw ConfigError(
        "output.durability must be checkpoint, every-update or a number of updates, "
        "not '" +
        durability + "'");
  }
  return updates;
}

Host make_host(const RunConfig& config, const std::shared_ptr<const FleetTiming>& timing) {
  auto policy = make_policy(config.policy, run_context(config, timing));
  for (const Measurement& measurement : policy->requirements().measurements) {
    if (measurement.name != "train_loss" && measurement.name != "noise_cost" &&
        measurement.name != "average_loss") {
      throw ConfigError("the policy '" + config.policy + "' needs the measurement '" +
                        measurement.name + "', which the virtual fleet does not offer");
    }
  }
  return Host(std::move(policy), config.policy, config.fleet.workers);
}

}  // namespace

template <class Real>
TrainingRun<Real>::TrainingRun(const RunConfig& config,
                               std::shared_ptr<const Workload<Real>> workload,
                               std::shared_ptr<const FleetTiming> timing,
                               std::optional<WayToWorkers> way)
    : config_(checked(config)),
      workload_(std::move(workload)),
      timing_(std::move(timing)),
      sampler_(make_sampler(config_, *workload_)),
      threads_(compute_threads(config_.threads)),
      first_host_(make_host(config_, timing_)),
      requirements_(first_host_.policy().requirements()),
      program_(make_program<Real>(requirements_.program)),
      momentum_(config_.worker.momentum, workload_->dimension(), config_.fleet.workers),
      wire_(*workload_, config_.worker, config_.seed, config_.fleet.workers, program_->vectors()),
      server_(make_parameters(way)),
      pool_(*workload_, threads_),
      fleet_(
          make_run_fleet<Real>({config_, *workload_, sampler_.get(), requirements_, *program_,
                                momentum_, wire_, *server_, pool_, threads_, timing_, hub_.get()},
                               std::move(first_host_), std::move(way))),
      evaluator_(*workload_, pool_, config_.stop.evaluation_samples),
      statistics_(config_.fleet.workers, 0, true),
      timeline_(config_.fleet.workers, timeline_jobs * timing_->profile.law(0).quantile(0.5)),
      published_(*this),
      saved_time_(config_.fleet.workers),
      most_lost_(updates_at_risk(config_)) {
  if (config_.stop.target > 0 && config_.stop.metric.ends_with("_error") &&
      !workload_->classifies()) {
    throw ConfigError("stop.metric: the model '" + config_.model.workload +
                      "' classifies nothing, so it has no " + config_.stop.metric +
                      "; use test_loss");
  }
  if (workload_->dataset() == nullptr &&
      make_schedule(config_.optimizer.schedule)->needs_epochs()) {
    throw ConfigError("optimizer.schedule is in epochs, and the model '" + config_.model.workload +
                      "' has no data set: use updates");
  }
  prepare_parameters(*server_, config_, requirements_, *program_, *workload_);
  grid_interval_ = config_.stop.evaluate_every;
  if (grid_interval_ == 0 && config_.stop.time > 0) {
    grid_interval_ = config_.stop.time / usual_evaluations;
  }
  if (grid_interval_ == 0) {
    grid_updates_ = std::max<std::uint64_t>(
        1, config_.stop.updates / static_cast<std::uint64_t>(usual_evaluations));
  }
  Host& host = fleet_->host();
  if (const Ticket* ticket = wire_.ticket()) {
    if (!ticket->start.empty()) server_->start_from(ticket->start);
    server_->keep_only(ticket->kept);
  }
  if (requirements_.observables.any()) host.set_scalar_source(&fleet_->payloads());
  host.add_observer(&statistics_);
  host.add_observer(&timeline_);
  host.add_observer(&published_);
  host.add_observer(&fleet_->payloads());
}

template <class Real>
RunResult TrainingRun<Real>::run(const Progress& progress) {
  const auto begin = Stopwatch::now();
  // One command line may serve for the first start and for every other.
  const bool resumed = !config_.resume.empty() && (config_.resume != config_.checkpoint ||
                                                   !checkpoints_in(config_.resume).empty());
  on_note_ = progress.noted;
  if (!config_.checkpoint.empty()) {
    checkpoints_ = std::make_unique<CheckpointFolder>(config_.checkpoint, config_.keep_checkpoints);
  }
  last_attempt_ = begin;
  if (!resumed && !config_.log.empty()) {
    log_ = std::make_unique<EventLog>(config_.log, to_json(config_));
  }
  if (resumed) load_checkpoint();
  if (log_) {
    if (!recorder_) {
      recorder_ = std::make_unique<UpdateRecorder>(
          config_.fleet.workers, [this](const UpdateRecord& record) { log_->write(record); });
    }
    fleet_->host().add_observer(recorder_.get());
  }
  if (log_) log_events();
  if (config_.metrics_port != 0) {
    const bool real_time = fleet_->tells_events() && config_.replay.empty();
    metrics_ = std::make_unique<RunMetrics>(fleet_->host(), config_.fleet.kind, real_time,
                                            config_.metrics_host, config_.metrics_port);
  }
  fleet_->on_news([this](const std::string& text) { published_.noted(text, fleet_->now()); });
  if (!resumed) {
    fleet_->begin();
    if (grid_updates_ > 0) evaluate(0);
  }
  const Version stored = fleet_->host().version();
  loop(progress, true);
  if (resumed && fleet_->tells_events() && config_.replay.empty()) {
    const Version version = fleet_->host().version();
    published_.noted("resumed at update " + std::to_string(version) + ": " +
                         std::to_string(stored) + " in the checkpoint, " +
                         std::to_string(version - stored) + " kept after it and repeated",
                     fleet_->now());
  }
  if (outcome_ == Outcome::finished && !fleet_->repeating()) {
    // What comes from now on is kept beside this one.
    if (most_lost_) checkpoint();
    fleet_->ready();
    loop(progress);
  }
  // In the midst of the past there is nothing new to be kept.
  if (checkpoints_ && !fleet_->repeating()) checkpoint();
  settle_points(begun_);
  keep_up_log();
  RunResult result = this->result();
  result.seconds = seconds_since(begin);
  if (log_) write_end(result);
  return result;
}

template <class Real>
void TrainingRun<Real>::loop(const Progress& progress, bool repeating) {
  const StopConfig& stop = config_.stop;
  for (;;) {
    if (repeating && !fleet_->repeating()) return;
    if (fleet_->host().due_measurement() != nullptr) {
      deliver_measurement();
      continue;
    }
    keep_up_log();
    if (metrics_) metrics_->keep_up([this] { return fleet_->oddities(); });
    const double next_time = fleet_->next_time(stop.time > 0 ? stop.time : INFINITY);
    // Where nothing happens any more and no time is set, the grid has no end.
    if (std::isfinite(next_time) || stop.time > 0) evaluate_grid(next_time);
    // A replay ends where its log does.
    if (target_time_ && stop.target > 0 && config_.replay.empty()) outcome_ = Outcome::target;
    if (outcome_ != Outcome::finished || limit_reached(next_time)) return;
    if (!std::isfinite(next_time)) {
      if (fleet_->ends_by_itself()) return;
      throw DataError(fleet_->why_nothing_happens());
    }
    const Version before = fleet_->host().version();
    fleet_->advance();
    const Version version = fleet_->host().version();
    if (fleet_->payloads().diverged_at()) {
      outcome_ = Outcome::diverged;
      return;
    }
    if (version != before) {
      if (grid_updates_ > 0 && version % grid_updates_ == 0) evaluate(fleet_->now());
      const double by_updates =
          stop.updates > 0 ? static_cast<double>(version) / static_cast<double>(stop.updates) : 0;
      const double by_time = stop.time > 0 ? fleet_->now() / stop.time : 0;
      progress.report(config_.policy, std::min(1.0, std::max(by_updates, by_time)));
    }
    if (progress.stop()) {
      outcome_ = Outcome::interrupted;
      return;
    }
    if (version != before && !repeating && checkpoint_due()) checkpoint();
  }
}

template <class Real>
bool TrainingRun<Real>::limit_reached(double next_time) const {
  const StopConfig& stop = config_.stop;
  if (fleet_->host().finished()) return true;
  if (!config_.replay.empty()) return false;
  if (stop.updates > 0 && fleet_->host().version() >= stop.updates) return true;
  return stop.time > 0 && next_time > stop.time;
}

template <class Real>
double TrainingRun<Real>::measure(const std::string& name) {
  if (name == "average_loss") {
    const auto average = server_->average();
    server_->begin_average();
    return average ? evaluator_.train_loss(average) : std::nan("");
  }
  const auto now = server_->whole(server_->snapshot());
  if (!train_loss_ || train_loss_->first != now->version) {
    train_loss_ = {now->version, evaluator_.train_loss(now)};
  }
  if (name == "train_loss") return train_loss_->second;
  const auto forward = server_->noise_probe(1);
  if (!forward) return std::nan("");
  const auto backward = server_->noise_probe(-1);
  return (evaluator_.train_loss(forward) + evaluator_.train_loss(backward)) / 2 -
         train_loss_->second;
}

template <class Real>
void TrainingRun<Real>::deliver_measurement() {
  const std::string name = fleet_->host().due_measurement()->name;
  const auto begin = Stopwatch::now();
  const double value = measure(name);
  evaluation_seconds_ += seconds_since(begin);
  if (log_) {
    log_->write({{"event", "measured"}, {"time", fleet_->now()}, {"name", name}, {"value", value}});
  }
  fleet_->deliver(value);
}

template <class Real>
void TrainingRun<Real>::evaluate_grid(double until) {
  if (grid_interval_ == 0) return;
  // A grid point sees all updates up to its own time.
  const double last = config_.stop.time > 0 ? config_.stop.time : INFINITY;
  for (std::size_t made = 0;; ++made) {
    if (target_time_ && config_.stop.target > 0) return;
    const double time = static_cast<double>(grid_index_) * grid_interval_;
    if (time >= until || time > last * (1 + 1e-12)) return;
    if (config_.stop.updates > 0 && fleet_->host().version() >= config_.stop.updates) return;
    if (made == most_evaluations) {
      throw ConfigError("stop.evaluate_every asks for more than " +
                        std::to_string(most_evaluations) +
                        " evaluations before the next event, which is at " + std::to_string(until));
    }
    ++grid_index_;
    evaluate(time);
  }
}

template <class Real>
EvaluationPoint TrainingRun<Real>::present() const {
  EvaluationPoint point;
  point.time = fleet_->now();
  point.update = fleet_->host().version();
  point.gradients = fleet_->host().account().applied;
  return point;
}

template <class Real>
void TrainingRun<Real>::evaluate(double time) {
  // By index, not by what happens to be ready: the run's end must not depend on the threads.
  settle_points(
      begun_ + 1 >= Evaluator<Real>::most_pending ? begun_ + 1 - Evaluator<Real>::most_pending : 0);
  EvaluationPoint point = present();
  point.time = time;
  point.compute = statistics_.compute_time(time);
  evaluator_.begin(point, server_->whole(server_->snapshot()), fleet_->payloads().folds());
  ++begun_;
}

template <class Real>
void TrainingRun<Real>::settle_points(std::size_t count) {
  const auto begin = Stopwatch::now();
  while (points_.size() < count) points_.push_back(evaluator_.collect());
  evaluation_seconds_ += seconds_since(begin);
  const std::size_t before = settled_;
  for (; settled_ < count; ++settled_) {
    const EvaluationPoint& point = points_[settled_];
    if (on_point_) on_point_(point);
    if (metrics_) metrics_->evaluated(point);
    if (!log_) continue;
    log_->write({{"event", "evaluation"},
                 {"time", point.time},
                 {"update", point.update},
                 {"gradients", point.gradients},
                 {"compute", point.compute},
                 {"test_error", point.metrics.test_error},
                 {"test_loss", point.metrics.test_loss},
                 {"train_loss", point.metrics.train_loss},
                 {"train_error", point.metrics.train_error}});
  }
  check_target(before);
}

template <class Real>
void TrainingRun<Real>::check_target(std::size_t known) {
  if (config_.stop.target <= 0 || target_time_) return;
  // Only windows that end in a new point can be new.
  const std::size_t first = known > 4 ? known - 4 : 0;
  target_time_ = time_to_target(std::span(points_).subspan(first, settled_ - first),
                                config_.stop.metric, config_.stop.target);
}

template <class Real>
RunResult TrainingRun<Real>::result() {
  RunResult result;
  result.policy = config_.policy;
  result.seed = config_.seed;
  result.step_size = config_.optimizer.step_size;
  result.workers = config_.fleet.workers;
  result.outcome = outcome_;
  result.diverged_at = fleet_->payloads().diverged_at();
  result.target_time = target_time_;
  result.points = points_;
  if (final_evaluation_ && outcome_ != Outcome::diverged) {
    const auto begin = Stopwatch::now();
    result.final_metrics = evaluator_.full(server_->whole(server_->snapshot()));
    evaluation_seconds_ += seconds_since(begin);
  }
  result.updates = fleet_->host().version();
  result.elapsed = fleet_->now();
  result.account = fleet_->host().account();
  result.staleness = statistics_.staleness();
  result.idle_fraction = statistics_.idle_fraction();
  result.cancelled_time_fraction = statistics_.cancelled_time_fraction();
  result.contributions = statistics_.contributions();
  result.k = k_.k();
  result.k_changes = k_.changes();
  result.notes = notes_;
  result.timeline = timeline_.timeline();
  result.peak_snapshots = server_->peak_snapshots();
  result.evaluation_seconds = evaluation_seconds_;
  return result;
}

template class TrainingRun<float>;
template class TrainingRun<double>;

}  // namespace syncline
