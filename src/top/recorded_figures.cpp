#include "top/recorded_figures.hpp"

#include <algorithm>

#include "base/hostile_json.hpp"
#include "syncline/spec.hpp"

namespace syncline {
namespace {

using Json = nlohmann::ordered_json;
using State = WorkerPicture::State;

template <class Value>
void keep_last(std::deque<Value>& values, Value value) {
  values.push_back(value);
  if (values.size() > RunPicture::window) values.pop_front();
}

Timing job_of(double seconds, bool censored) {
  Timing job;
  job.seconds = seconds;
  job.censored = censored;
  return job;
}

}  // namespace

RecordedFigures::RecordedFigures(const Settings& settings)
    : recent_(settings.race.run.fleet.workers) {
  const RunConfig& run = settings.race.run;
  picture_.policy = run.policy;
  picture_.fleet = run.fleet.kind;
  picture_.k = std::nan("");
  picture_.workers.resize(run.fleet.workers);
}

WorkerPicture& RecordedFigures::worker(const Json& number) {
  const auto index = whole_number<WorkerId>(number);
  if (index >= picture_.workers.size()) throw ConfigError("it names a worker that doesn't exist");
  return picture_.workers[index];
}

void RecordedFigures::take(const Json& record) {
  const std::string event = record.at("event");
  if (record.contains("time") && event != "evaluation") {
    picture_.time = std::max<double>(picture_.time, record.at("time"));
  }
  if (event == "update") {
    update(record);
  } else if (event == "evaluation") {
    const EvaluationPoint point = evaluation_of(record);
    picture_.evaluation_time = point.time;
    picture_.evaluation_version = point.update;
    picture_.metrics = point.metrics;
    ++picture_.evaluations;
  } else if (event == "set" && record.at("name") == "k" && record.at("value").is_number()) {
    picture_.k = record.at("value");
  } else if (event == "down") {
    came_or_went(record, State::down);
  } else if (event == "up") {
    came_or_went(record, State::unknown);
  }
}

void RecordedFigures::came_or_went(const Json& record, State state) {
  WorkerPicture& one = worker(record.at("worker"));
  one.state = state;
  one.since = record.at("time");
}

void RecordedFigures::update(const Json& record) {
  for (const Json& gradient : record.at("grads")) {
    WorkerPicture& one = worker(gradient.at("worker"));
    const double push = gradient.at("push");
    const double length = push - gradient.at("start").get<double>();
    one.read = whole_number<Version>(gradient.at("read"));
    if (one.state != State::down) one.since = push;
    ++one.steps;
    ++one.contributed;
    one.step_time += length;
    keep_last(recent_[gradient.at("worker").get<std::size_t>()], job_of(length, false));
    picture_.staleness.add(whole_number<Version>(gradient.at("staleness")));
    ++picture_.account.applied;
  }
  picture_.account.computed = picture_.account.applied;
  picture_.version = whole_number<Version>(record.at("update"));
  keep_last(update_times_, record.at("time").get<double>());
  for (const auto& [name, length] : record.at("cancelled").items()) {
    const auto number = parse_whole(name, "the number of a worker");
    ++worker(number).unfinished;
    keep_last(recent_[number], job_of(length, true));
  }
}

RunPicture RecordedFigures::picture() const {
  RunPicture picture = picture_;
  for (std::size_t i = 0; i < recent_.size(); ++i) {
    picture.workers[i].set_quantiles({recent_[i].begin(), recent_[i].end()});
  }
  if (update_times_.size() > 1 && picture.time > update_times_.front()) {
    picture.update_rate =
        static_cast<double>(update_times_.size() - 1) / (picture.time - update_times_.front());
  }
  return picture;
}

}  // namespace syncline
