#include "top/log_watch.hpp"

#include <cmath>

#include "base/hostile_json.hpp"
#include "top/recorded_figures.hpp"
#include "top/repeated_run.hpp"
#include "trace/event_log.hpp"

namespace syncline {

using Json = nlohmann::ordered_json;

EvaluationPoint evaluation_of(const Json& record) {
  const auto number = [&](const char* key) {
    const auto value = record.find(key);
    return value == record.end() || value->is_null() ? std::nan("") : value->get<double>();
  };
  EvaluationPoint point;
  point.time = number("time");
  point.update = whole_number<Version>(record.at("update"));
  point.metrics = {number("test_error"), number("test_loss"), number("train_loss"),
                   number("train_error")};
  return point;
}

LogWatch::LogWatch(std::filesystem::path path) : path_(std::move(path)), tail_(path_) {}

RunPicture LogWatch::look() {
  try {
    take_news();
  } catch (const NotRepeatable& reason) {
    // Once more from the start, by the records alone.
    may_repeat_ = false;
    shortcoming_ = reason.what();
    tail_ = LogTail(path_);
    figures_ = nullptr;
    take_news();
  }
  if (!figures_) throw DataError("'" + path_.string() + "' holds no record of a run yet");
  RunPicture picture = figures_->picture();
  picture.outcome = outcome_;
  if (account_) picture.account = *account_;
  picture.refused = refused_;
  return picture;
}

void LogWatch::take_news() {
  try {
    bool restarted = false;
    const auto records = tail_.more(restarted);
    if (restarted) figures_ = nullptr;
    for (const Json& record : records) {
      figures_ ? take(record) : begin(record);
    }
  } catch (const nlohmann::json::exception& error) {
    throw DataError("'" + path_.string() + "' is no event log: " + error.what());
  } catch (const ConfigError& error) {
    throw DataError("'" + path_.string() + "' is no event log: " + error.what());
  }
}

void LogWatch::take(const Json& record) {
  figures_->take(record);
  if (record.at("event") != "end") return;
  outcome_ = record.at("outcome");
  const Json& account = record.at("gradients");
  const auto count = [&](const char* key) { return whole_number<std::uint64_t>(account.at(key)); };
  account_ = {count("started"),   count("computed"),
              count("applied"),   count("dropped"),
              count("held"),      count("cancelled"),
              count("in_flight"), account.contains("lost") ? count("lost") : 0};
  if (record.contains("oddities")) record.at("oddities").get_to(refused_);
}

void LogWatch::begin(const Json& head) {
  if (head.at("event") != "run" || head.at("schema") != EventLog::schema) {
    throw ConfigError("its first line is not the record of a run, or of another schema");
  }
  settings_ = default_settings(Command::train);
  apply_json(settings_, head.at("config"), "'" + path_.string() + "'");
  outcome_.clear();
  account_.reset();
  refused_.clear();
  if (may_repeat_) {
    figures_ = std::make_unique<RepeatedRun>(settings_);
  } else {
    figures_ = std::make_unique<RecordedFigures>(settings_);
  }
}

}  // namespace syncline
