#include "metrics/metrics_reader.hpp"

#include <cstdlib>
#include <string>
#include <unordered_map>

#include "metrics/metric_words.hpp"
#include "metrics/sample_line.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

/// More than any fleet has.
constexpr double most_workers = 1e7;

std::uint64_t whole(const MetricSample& sample) {
  // Also refuses what is no number.
  if (!(sample.value >= 0 && sample.value < 1.8e19)) {
    throw DataError(sample.name + " is no count");
  }
  return static_cast<std::uint64_t>(sample.value);
}

WorkerPicture& worker_of(RunPicture& picture, const MetricSample& sample) {
  const std::string& text = sample.label("worker");
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  const bool good = !text.empty() && *end == '\0' && number >= 0 && number < most_workers;
  const auto index = good ? static_cast<std::size_t>(number) : 0;
  // They come in order, so that a wrong number can't ask for memory.
  if (!good || index > picture.workers.size()) {
    throw DataError(sample.name + " names the worker '" + text + "' out of order");
  }
  if (index == picture.workers.size()) picture.workers.emplace_back();
  return picture.workers[index];
}

/// Puts the value into the entry of this word; words that are not in the list are passed over.
template <class Words, class Set>
void by_word(const Words& words, const std::string& word, Set&& set) {
  for (const auto& [known, entry] : words) {
    if (known == word) set(entry);
  }
}

using Handler = void (*)(RunPicture&, const MetricSample&);

void take_bucket(RunPicture& picture, const MetricSample& sample) {
  const std::string& text = sample.label("le");
  const double bound = std::strtod(text.c_str(), nullptr);
  for (std::size_t bin = 0; bin < StalenessBins::count; ++bin) {
    const bool last = bin + 1 == StalenessBins::count;
    if (last ? std::isinf(bound) : bound == static_cast<double>(StalenessBins::largest_in(bin))) {
      picture.staleness.counts[bin] = whole(sample);  // cumulative, until all are there
    }
  }
}

void take_quantile(RunPicture& picture, const MetricSample& sample) {
  WorkerPicture& worker = worker_of(picture, sample);
  if (sample.label("quantile") == "0.5") worker.median = sample.value;
  if (sample.label("quantile") == "0.95") worker.p95 = sample.value;
}

const std::unordered_map<std::string_view, Handler>& handlers() {
  using P = RunPicture;
  using S = MetricSample;
  static const std::unordered_map<std::string_view, Handler> table = {
      {"syncline_run_info",
       [](P& p, const S& s) { p.policy = s.label("policy"), p.fleet = s.label("fleet"); }},
      {"syncline_run_time_seconds", [](P& p, const S& s) { p.time = s.value; }},
      {"syncline_updates_total", [](P& p, const S& s) { p.version = whole(s); }},
      {"syncline_recent_updates_per_second", [](P& p, const S& s) { p.update_rate = s.value; }},
      {"syncline_k", [](P& p, const S& s) { p.k = s.value; }},
      {"syncline_gradients_started_total", [](P& p, const S& s) { p.account.started = whole(s); }},
      {"syncline_gradients_total",
       [](P& p, const S& s) {
         by_word(account_outcomes, s.label("outcome"),
                 [&](AccountEntry entry) { p.account.*entry = whole(s); });
       }},
      {"syncline_gradients",
       [](P& p, const S& s) {
         by_word(account_states, s.label("state"),
                 [&](AccountEntry entry) { p.account.*entry = whole(s); });
       }},
      {"syncline_dropped_total", [](P& p, const S& s) { p.drops[s.label("reason")] = whole(s); }},
      {"syncline_refused_messages_total",
       [](P& p, const S& s) { p.refused[s.label("reason")] = whole(s); }},
      {"syncline_staleness_bucket", take_bucket},
      {"syncline_staleness_sum", [](P& p, const S& s) { p.staleness.sum = whole(s); }},
      {"syncline_staleness_max", [](P& p, const S& s) { p.staleness.largest = whole(s); }},
      {"syncline_evaluations_total", [](P& p, const S& s) { p.evaluations = whole(s); }},
      {"syncline_evaluation",
       [](P& p, const S& s) {
         by_word(evaluation_metrics, s.label("metric"),
                 [&](MetricsEntry entry) { p.metrics.*entry = s.value; });
       }},
      {"syncline_evaluation_time_seconds", [](P& p, const S& s) { p.evaluation_time = s.value; }},
      {"syncline_evaluation_version", [](P& p, const S& s) { p.evaluation_version = whole(s); }},
      {"syncline_checkpoints_total",
       [](P& p, const S& s) {
         if (s.label("outcome") == "written") p.checkpoints = whole(s);
         if (s.label("outcome") == "failed") p.failed_checkpoints = whole(s);
       }},
      {"syncline_worker_state",
       [](P& p, const S& s) {
         WorkerPicture& worker = worker_of(p, s);
         if (s.value != 1) return;
         by_word(worker_states, s.label("state"),
                 [&](WorkerPicture::State state) { worker.state = state; });
       }},
      {"syncline_worker_state_since_seconds",
       [](P& p, const S& s) { worker_of(p, s).since = s.value; }},
      {"syncline_worker_read_version", [](P& p, const S& s) { worker_of(p, s).read = whole(s); }},
      {"syncline_worker_contributions_total",
       [](P& p, const S& s) { worker_of(p, s).contributed = whole(s); }},
      {"syncline_worker_unfinished_total",
       [](P& p, const S& s) { worker_of(p, s).unfinished = whole(s); }},
      {"syncline_worker_step_seconds", take_quantile},
      {"syncline_worker_step_seconds_count",
       [](P& p, const S& s) { worker_of(p, s).steps = whole(s); }},
      {"syncline_worker_step_seconds_sum",
       [](P& p, const S& s) { worker_of(p, s).step_time = s.value; }},
  };
  return table;
}

}  // namespace

RunPicture read_metrics(std::string_view text) {
  RunPicture picture;
  std::size_t number = 0;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    ++number;
    if (line.empty() || line.front() == '#') continue;
    try {
      const MetricSample sample = read_sample(line);
      const auto handler = handlers().find(sample.name);
      if (handler != handlers().end()) handler->second(picture, sample);
    } catch (const DataError& error) {
      throw DataError("the metrics, line " + std::to_string(number) +
                      ", are not those of a run: " + error.what());
    }
  }
  if (picture.policy.empty()) throw DataError("these are not the metrics of a run of Syncline");
  auto& counts = picture.staleness.counts;
  for (std::size_t bin = counts.size() - 1; bin > 0; --bin) {
    if (counts[bin] < counts[bin - 1]) throw DataError("the bins of syncline_staleness shrink");
    counts[bin] -= counts[bin - 1];
  }
  Account& account = picture.account;
  account.computed = account.applied + account.dropped + account.held;
  return picture;
}

}  // namespace syncline
