#include "trace/log_reader.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <string>

#include "base/hostile_json.hpp"
#include "base/largest_fleet.hpp"
#include "base/open_to_read.hpp"
#include "syncline/spec.hpp"
#include "trace/document.hpp"
#include "trace/event_log.hpp"
#include "trace/timeline_recorder.hpp"

namespace syncline {
namespace {

using Json = nlohmann::ordered_json;

/// Jobs shown of each worker in the timeline that is derived from a log.
constexpr std::size_t timeline_jobs = 12;

/// Takes the records of one log, in order.
class LogInterpreter {
 public:
  void take(const Json& record) {
    const std::string event = record.at("event");
    if (!started_ && event != "run") throw ConfigError("the first record is no run record");
    if (event == "run") {
      begin(record);
    } else if (event == "update") {
      update(record);
    } else if (event == "evaluation") {
      evaluation(record);
    } else if (event == "set") {
      const auto& value = record.at("value");
      const std::string name = record.at("name");
      if (name == "k" && value.is_null()) throw ConfigError("K is no number");
      k_.published(name, value.is_null() ? std::nan("") : value.get<double>(), record.at("time"));
    } else if (event == "note") {
      run_.result.notes.emplace_back(record.at("time").get<double>(), record.at("text"));
    } else if (event == "cut") {
      const std::string why = record.at("text");
      run_.result.notes.emplace_back(run_.result.elapsed, "the log ends here: " + why);
    } else if (event == "end") {
      end(record);
    }
    // Records of kinds that a later version adds are passed over.
  }

  LoggedRun finish() {
    if (!started_) throw ConfigError("it is empty");
    RunResult& result = run_.result;
    result.k = k_.k();
    result.k_changes = k_.changes();
    const double worker_time = result.workers * result.elapsed;
    if (worker_time > 0) {
      result.idle_fraction = idle_ / worker_time;
      result.cancelled_time_fraction = cancelled_ / worker_time;
    }
    if (!run_.complete) {
      result.outcome = Outcome::interrupted;
      result.account.applied = result.staleness.total();
      result.account.computed = result.account.applied;
      result.account.started = result.account.computed + result.account.cancelled;
    }
    const auto& stop = run_.config.at("stop");
    const double target = stop.at("target");
    if (target > 0) {
      result.target_time = time_to_target(result.points, stop.at("metric"), target);
    }
    return std::move(run_);
  }

 private:
  void begin(const Json& record) {
    if (record.at("schema") != EventLog::schema) {
      throw ConfigError("it has schema " + record.at("schema").dump() + ", this program reads " +
                        std::to_string(EventLog::schema));
    }
    started_ = true;
    run_.config = record.at("config");
    RunResult& result = run_.result;
    result.policy = run_.config.at("run").at("policy");
    result.seed = whole_number<std::uint64_t>(run_.config.at("run").at("seed"));
    result.workers = whole_number<std::uint32_t>(run_.config.at("fleet").at("workers"));
    if (result.workers == 0) throw ConfigError("it has no workers");
    if (result.workers > largest_fleet) throw ConfigError("it has too many workers");
    result.contributions.assign(result.workers, 0);
    if (run_.config.contains("optimizer")) {
      result.step_size = run_.config.at("optimizer").at("step_size");
    } else {
      // A simulation: nothing was trained, so nothing was aimed at.
      run_.config["stop"] = {{"metric", "test_error"}, {"target", 0.0}, {"evaluate_every", 0.0}};
    }
    Timeline& timeline = result.timeline;
    timeline.workers = std::min(result.workers, TimelineRecorder::most_workers);
  }

  void span(const std::string& name, TimelineSpan::Kind kind, double begin, double end) {
    add_span(existing(parse_whole(name, "a worker's name")), kind, begin, end);
  }

  [[nodiscard]] WorkerId existing(std::uint64_t worker) const {
    if (worker >= run_.result.workers) {
      throw ConfigError("it names a worker that doesn't exist");
    }
    return static_cast<WorkerId>(worker);
  }

  void add_span(WorkerId worker, TimelineSpan::Kind kind, double begin, double end) {
    Timeline& timeline = run_.result.timeline;
    if (worker >= timeline.workers || timeline_full() || end <= begin) return;
    timeline.spans.push_back({worker, kind, begin, end});
    timeline.to = std::max(timeline.to, end);
  }

  [[nodiscard]] bool timeline_full() const {
    const Timeline& timeline = run_.result.timeline;
    return timeline.spans.size() >= timeline_jobs * timeline.workers;
  }

  void update(const Json& record) {
    RunResult& result = run_.result;
    const double time = record.at("time");
    const bool shown = !timeline_full();
    for (const auto& gradient : record.at("grads")) {
      const WorkerId worker = existing(whole_number<std::uint64_t>(gradient.at("worker")));
      const auto staleness = whole_number<Version>(gradient.at("staleness"));
      const double push = gradient.at("push");
      result.staleness.add(staleness);
      ++result.contributions[worker];
      add_span(worker, TimelineSpan::Kind::compute, gradient.at("start"), push);
      if (shown && worker < result.timeline.workers) {
        result.timeline.arrows.push_back({worker, push, time, staleness});
      }
    }
    for (const auto& [worker, duration] : record.at("idle").items()) {
      idle_ += duration.get<double>();
      span(worker, TimelineSpan::Kind::idle, time - duration.get<double>(), time);
    }
    for (const auto& [worker, duration] : record.at("cancelled").items()) {
      cancelled_ += duration.get<double>();
      ++result.account.cancelled;
      span(worker, TimelineSpan::Kind::cancelled, time - duration.get<double>(), time);
    }
    result.updates = whole_number<Version>(record.at("update"));
    result.elapsed = time;
  }

  static Metrics metrics(const Json& record) {
    const auto number = [&](const char* key) {
      const auto& value = record.at(key);
      return value.is_null() ? std::nan("") : value.get<double>();
    };
    // Logs of earlier versions have no training error.
    return {number("test_error"), number("test_loss"), number("train_loss"),
            record.contains("train_error") ? number("train_error") : std::nan("")};
  }

  void evaluation(const Json& record) {
    const auto number = [&](const char* key) {
      const auto& value = record.at(key);
      return value.is_null() ? std::nan("") : value.get<double>();
    };
    EvaluationPoint point;
    point.time = number("time");
    point.update = whole_number<Version>(record.at("update"));
    point.gradients = whole_number<std::uint64_t>(record.at("gradients"));
    point.compute = number("compute");
    point.metrics = metrics(record);
    run_.result.points.push_back(point);
  }

  void end(const Json& record) {
    run_.complete = true;
    RunResult& result = run_.result;
    const auto& account = record.at("gradients");
    const auto count = [&](const char* key) {
      return whole_number<std::uint64_t>(account.at(key));
    };
    // Logs of earlier versions have no lost ones.
    result.account = {count("started"),   count("computed"),
                      count("applied"),   count("dropped"),
                      count("held"),      count("cancelled"),
                      count("in_flight"), account.contains("lost") ? count("lost") : 0};
    for (const Outcome outcome :
         {Outcome::finished, Outcome::target, Outcome::diverged, Outcome::interrupted}) {
      if (record.at("outcome") == outcome_name(outcome)) result.outcome = outcome;
    }
    if (record.contains("diverged_at")) {
      result.diverged_at = whole_number<Version>(record.at("diverged_at"));
    }
    if (record.contains("final")) {
      result.final_metrics = metrics(record.at("final"));
    }
  }

  LoggedRun run_;
  KHistory k_;
  bool started_ = false;
  double idle_ = 0;
  double cancelled_ = 0;
};

}  // namespace

LoggedRun read_log(const std::filesystem::path& path) {
  std::ifstream file = open_to_read(path, "the event log");
  LogInterpreter interpreter;
  std::string line;
  std::size_t number = 0;
  const auto at_line = [&](const char* why) {
    return DataError("'" + path.string() + "', line " + std::to_string(number) +
                     ", is no event log: " + why);
  };
  try {
    while (std::getline(file, line)) {
      ++number;
      const auto record = parse_hostile<Json>(line);
      // A crash may leave half a record, and it can only be the last.
      if (record.is_discarded()) {
        if (file.peek() == std::ifstream::traits_type::eof()) break;
        throw ConfigError("it is not JSON");
      }
      interpreter.take(record);
    }
    return interpreter.finish();
  } catch (const nlohmann::json::exception& error) {
    throw at_line(error.what());
  } catch (const ConfigError& error) {
    throw at_line(error.what());
  }
}

}  // namespace syncline
