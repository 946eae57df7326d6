#include <nlohmann/json.hpp>

#include "fleet/training/training_run.hpp"
#include "syncline/error.hpp"
#include "trace/document.hpp"

namespace syncline {

// What a run writes into its event log besides updates and evaluations.

template <class Real>
void TrainingRun<Real>::write_end(RunResult& result) {
  nlohmann::ordered_json record = {{"event", "end"},
                                   {"outcome", outcome_name(result.outcome)},
                                   {"updates", result.updates},
                                   {"time", result.elapsed},
                                   {"gradients", to_json(result.account)}};
  if (result.diverged_at) record["diverged_at"] = *result.diverged_at;
  if (result.final_metrics) {
    record["final"] = {{"test_error", result.final_metrics->test_error},
                       {"test_loss", result.final_metrics->test_loss},
                       {"train_loss", result.final_metrics->train_loss},
                       {"train_error", result.final_metrics->train_error}};
  }
  const auto oddities = fleet_->oddities();
  if (!oddities.empty()) record["oddities"] = oddities;
  log_->write(record);
  try {
    log_->close();
  } catch (const DataError& error) {
    // The run itself is as good as ever.
    result.log_error = error.what();
  }
}

template <class Real>
void TrainingRun<Real>::keep_up_log() {
  if (!log_) return;
  log_->let_follow();
  for (const std::string& text : log_->news()) published_.noted(text, fleet_->now());
}

template <class Real>
void TrainingRun<Real>::log_events() {
  fleet_->on_event([this](const FleetEvent& event) { log_->write(to_json(event)); });
  fleet_->host().add_observer(&saved_time_);
  fleet_->on_abandoned([this](const Abandoned& job) {
    nlohmann::ordered_json record = {{"event", "abandoned"},        {"time", job.time},
                                     {"worker", job.worker},        {"job", job.job},
                                     {"computed", job.pieces_done}, {"of", job.pieces}};
    if (const auto saved = saved_time_.of(job)) record["saved"] = *saved;
    log_->write(record);
  });
}

template <class Real>
void TrainingRun<Real>::PublishedRecorder::published(const char* name, double value, double time) {
  run_.k_.published(name, value, time);
  if (run_.log_) {
    run_.log_->write({{"event", "set"}, {"time", time}, {"name", name}, {"value", value}});
  }
}

template <class Real>
void TrainingRun<Real>::PublishedRecorder::noted(const std::string& text, double time) {
  run_.notes_.emplace_back(time, text);
  if (run_.on_note_) run_.on_note_(time, text);
  if (run_.log_) run_.log_->write({{"event", "note"}, {"time", time}, {"text", text}});
}

template <class Real>
void TrainingRun<Real>::PublishedRecorder::changed(const char* event, WorkerId worker,
                                                   double time) {
  // Of a real fleet it is an event that is logged as such.
  if (!run_.log_ || run_.fleet_->tells_events()) return;
  run_.log_->write({{"event", event}, {"time", time}, {"worker", worker}});
}

template class TrainingRun<float>;
template class TrainingRun<double>;

}  // namespace syncline
