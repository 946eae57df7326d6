#include "metrics/picture_families.hpp"

#include <limits>
#include <string>

#include "metrics/metric_words.hpp"
#include "syncline/version.hpp"

namespace syncline {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<ClientMetric::Label>;

/// Gathers families, each with its values.
class Families {
 public:
  void begin(const char* name, MetricType type, const char* help) {
    list_.emplace_back();
    list_.back().name = std::string("syncline_") + name;
    list_.back().help = help;
    list_.back().type = type;
  }
  ClientMetric& add(Labels labels = {}) {
    list_.back().metric.emplace_back();
    list_.back().metric.back().label = std::move(labels);
    return list_.back().metric.back();
  }
  void add(double value, Labels labels = {}) {
    ClientMetric& metric = add(std::move(labels));
    (list_.back().type == MetricType::Counter ? metric.counter.value : metric.gauge.value) = value;
  }
  void add(std::uint64_t value, Labels labels = {}) {
    add(static_cast<double>(value), std::move(labels));
  }

  std::vector<MetricFamily> list_;
};

void add_run(Families& families, const RunPicture& picture) {
  families.begin("run_info", MetricType::Gauge, "What runs; always 1");
  families.add(1.0, {{"policy", picture.policy}, {"fleet", picture.fleet}, {"version", version}});
  families.begin("run_time_seconds", MetricType::Gauge,
                 "Since the run began; of the virtual fleet, virtual time");
  families.add(picture.time);
  families.begin("updates_total", MetricType::Counter, "Steps taken: the version");
  families.add(picture.version);
  families.begin("recent_updates_per_second", MetricType::Gauge,
                 "Of the last 64 updates, up to now");
  families.add(picture.update_rate);
  families.begin("k", MetricType::Gauge, "Payloads that a step takes");
  families.add(picture.k);
}

void add_account(Families& families, const RunPicture& picture) {
  const Account& account = picture.account;
  families.begin("gradients_started_total", MetricType::Counter, "Jobs that workers were sent");
  families.add(account.started);
  families.begin("gradients_total", MetricType::Counter,
                 "Jobs that are done with, by what became "
                 "of them");
  for (const auto& [word, entry] : account_outcomes) {
    families.add(account.*entry, {{"outcome", std::string(word)}});
  }
  families.begin("gradients", MetricType::Gauge,
                 "Jobs that are not: at their workers, or waiting at the server for a step");
  for (const auto& [word, entry] : account_states) {
    families.add(account.*entry, {{"state", std::string(word)}});
  }
  families.begin("dropped_total", MetricType::Counter, "Payloads that the policy dropped");
  for (const auto& [reason, count] : picture.drops) families.add(count, {{"reason", reason}});
  families.begin("refused_messages_total", MetricType::Counter,
                 "What came from outside and was not taken");
  for (const auto& [reason, count] : picture.refused) families.add(count, {{"reason", reason}});
}

void add_staleness(Families& families, const StalenessBins& staleness) {
  families.begin("staleness", MetricType::Histogram,
                 "Updates between a payload's start and its use");
  auto& histogram = families.add().histogram;
  for (std::size_t bin = 0; bin < StalenessBins::count; ++bin) {
    histogram.sample_count += staleness.counts[bin];
    const bool last = bin + 1 == StalenessBins::count;
    histogram.bucket.push_back(
        {histogram.sample_count, last ? std::numeric_limits<double>::infinity()
                                      : static_cast<double>(StalenessBins::largest_in(bin))});
  }
  histogram.sample_sum = static_cast<double>(staleness.sum);
  families.begin("staleness_max", MetricType::Gauge, "The largest so far");
  families.add(staleness.largest);
}

void add_evaluation(Families& families, const RunPicture& picture) {
  families.begin("evaluations_total", MetricType::Counter, "Evaluations of the model");
  families.add(picture.evaluations);
  families.begin("evaluation", MetricType::Gauge, "What the last evaluation found");
  for (const auto& [word, entry] : evaluation_metrics) {
    families.add(picture.metrics.*entry, {{"metric", std::string(word)}});
  }
  families.begin("evaluation_time_seconds", MetricType::Gauge, "When, in the time of the run");
  families.add(picture.evaluation_time);
  families.begin("evaluation_version", MetricType::Gauge, "Of which version");
  families.add(picture.evaluation_version);
}

void add_checkpoints(Families& families, const RunPicture& picture) {
  families.begin("checkpoints_total", MetricType::Counter, "Checkpoints, by what became of them");
  families.add(picture.checkpoints, {{"outcome", "written"}});
  families.add(picture.failed_checkpoints, {{"outcome", "failed"}});
}

void add_workers(Families& families, const std::vector<WorkerPicture>& workers) {
  const auto each = [&](const char* name, MetricType type, const char* help, auto&& value) {
    families.begin(name, type, help);
    for (std::size_t i = 0; i < workers.size(); ++i) {
      families.add(value(workers[i]), {{"worker", std::to_string(i)}});
    }
  };
  std::uint64_t up = 0;
  for (const auto& worker : workers) up += worker.state != WorkerPicture::State::down ? 1 : 0;
  families.begin("workers_up", MetricType::Gauge, "Workers that are there");
  families.add(up);
  families.begin("worker_state", MetricType::Gauge, "1 for the state that the worker is in");
  for (std::size_t i = 0; i < workers.size(); ++i) {
    for (const auto& [word, state] : worker_states) {
      families.add(workers[i].state == state ? 1.0 : 0.0,
                   {{"worker", std::to_string(i)}, {"state", std::string(word)}});
    }
  }
  each("worker_state_since_seconds", MetricType::Gauge,
       "When it came into that state, in the time of the run",
       [](const WorkerPicture& worker) { return worker.since; });
  each("worker_read_version", MetricType::Gauge, "Version that its last job started from",
       [](const WorkerPicture& worker) { return worker.read; });
  each("worker_contributions_total", MetricType::Counter, "Its payloads that the policy took",
       [](const WorkerPicture& worker) { return worker.contributed; });
  each("worker_unfinished_total", MetricType::Counter,
       "Its jobs that were cancelled, stopped or lost",
       [](const WorkerPicture& worker) { return worker.unfinished; });
  families.begin(
      "worker_step_seconds", MetricType::Summary,
      "From the order of a job to the arrival of its payload; quantiles of the last 64 jobs, "
      "unfinished ones as longer than they ran");
  for (std::size_t i = 0; i < workers.size(); ++i) {
    auto& summary = families.add({{"worker", std::to_string(i)}}).summary;
    summary.sample_count = workers[i].steps;
    summary.sample_sum = workers[i].step_time;
    summary.quantile = {{0.5, workers[i].median}, {0.95, workers[i].p95}};
  }
}

}  // namespace

std::vector<MetricFamily> picture_families(const RunPicture& picture) {
  Families families;
  add_run(families, picture);
  add_account(families, picture);
  add_staleness(families, picture.staleness);
  add_evaluation(families, picture);
  add_checkpoints(families, picture);
  add_workers(families, picture.workers);
  return std::move(families.list_);
}

}  // namespace syncline
