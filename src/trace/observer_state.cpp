#include <nlohmann/json.hpp>

#include "trace/run_statistics.hpp"
#include "trace/timeline_recorder.hpp"
#include "trace/update_recorder.hpp"

namespace syncline {

// What a checkpoint holds of the observers, so that a resumed run reports the same figures to the
// last bit. Times are JSON numbers, which keep every bit of a finite double.

nlohmann::json RunStatistics::state() const {
  nlohmann::json positions = nlohmann::json::array();
  for (const Position& position : positions_) positions.push_back({position.fresh, position.all});
  return {{"startup", {startup_decided_, startup_excluded_}},
          {"now", now_},
          {"version", version_},
          {"gradients", gradients_},
          {"first_update", first_update_},
          {"window", {window_start_, last_update_, batch_start_}},
          {"batch_length", batch_length_},
          {"batch_means", batch_means_},
          {"staleness", {staleness_.counts(), staleness_.sum(), staleness_.largest()}},
          {"positions", positions},
          {"position", position_},
          {"times", {idle_time_, cancelled_time_, busy_time_, passed_}},
          {"counts", {cancelled_jobs_, parked_, busy_}},
          {"contributions", contributions()}};
}

void RunStatistics::restore(const nlohmann::json& state) {
  state.at("startup").at(0).get_to(startup_decided_);
  state.at("startup").at(1).get_to(startup_excluded_);
  state.at("now").get_to(now_);
  state.at("version").get_to(version_);
  state.at("gradients").get_to(gradients_);
  state.at("first_update").get_to(first_update_);
  state.at("window").at(0).get_to(window_start_);
  state.at("window").at(1).get_to(last_update_);
  state.at("window").at(2).get_to(batch_start_);
  state.at("batch_length").get_to(batch_length_);
  state.at("batch_means").get_to(batch_means_);
  const auto& staleness = state.at("staleness");
  staleness_ = StalenessHistogram::restored(staleness.at(0).get<std::vector<std::uint64_t>>(),
                                            staleness.at(1).get<std::uint64_t>(),
                                            staleness.at(2).get<std::uint64_t>());
  positions_.clear();
  for (const auto& position : state.at("positions")) {
    positions_.push_back(
        {position.at(0).get<std::uint64_t>(), position.at(1).get<std::uint64_t>()});
  }
  state.at("position").get_to(position_);
  const auto& times = state.at("times");
  times.at(0).get_to(idle_time_);
  times.at(1).get_to(cancelled_time_);
  times.at(2).get_to(busy_time_);
  times.at(3).get_to(passed_);
  state.at("counts").at(0).get_to(cancelled_jobs_);
  state.at("counts").at(1).get_to(parked_);
  state.at("counts").at(2).get_to(busy_);
  const auto contributions = state.at("contributions").get<std::vector<std::uint64_t>>();
  contributions_.assign(contributions.begin(), contributions.end());
}

nlohmann::json UpdateRecorder::state() const {
  nlohmann::json held = nlohmann::json::array();
  for (const auto& slot : held_) {
    nlohmann::json gradients = nlohmann::json::array();
    for (const GradientRecord& gradient : slot) {
      gradients.push_back({gradient.worker, gradient.read, gradient.start, gradient.push});
    }
    held.push_back(std::move(gradients));
  }
  return {{"parked_since", parked_since_},
          {"version", version_},
          {"held", held},
          {"idle", record_.idle},
          {"cancelled", record_.cancelled}};
}

void UpdateRecorder::restore(const nlohmann::json& state) {
  state.at("parked_since").get_to(parked_since_);
  state.at("version").get_to(version_);
  state.at("idle").get_to(record_.idle);
  state.at("cancelled").get_to(record_.cancelled);
  held_.clear();
  for (const auto& slot : state.at("held")) {
    std::vector<GradientRecord>& gradients = held_.emplace_back();
    for (const auto& entry : slot) {
      gradients.push_back({entry.at(0).get<WorkerId>(), entry.at(1).get<Version>(),
                           entry.at(2).get<double>(), entry.at(3).get<double>(), 0});
    }
  }
}

nlohmann::json TimelineRecorder::state() const {
  nlohmann::json spans = nlohmann::json::array();
  for (const TimelineSpan& span : timeline_.spans) {
    spans.push_back({span.worker, static_cast<int>(span.kind), span.begin, span.end});
  }
  const auto arrows = [](const std::vector<TimelineArrow>& list) {
    nlohmann::json json = nlohmann::json::array();
    for (const TimelineArrow& arrow : list) {
      json.push_back({arrow.worker, arrow.push, arrow.update, arrow.staleness});
    }
    return json;
  };
  return {{"spans", spans},
          {"arrows", arrows(timeline_.arrows)},
          {"waiting", arrows(waiting_)},
          {"parked_since", parked_since_},
          {"version", version_}};
}

void TimelineRecorder::restore(const nlohmann::json& state) {
  timeline_.spans.clear();
  for (const auto& span : state.at("spans")) {
    timeline_.spans.push_back({span.at(0).get<WorkerId>(),
                               static_cast<TimelineSpan::Kind>(span.at(1).get<int>()),
                               span.at(2).get<double>(), span.at(3).get<double>()});
  }
  const auto arrows = [](const nlohmann::json& json) {
    std::vector<TimelineArrow> list;
    for (const auto& arrow : json) {
      list.push_back({arrow.at(0).get<WorkerId>(), arrow.at(1).get<double>(),
                      arrow.at(2).get<double>(), arrow.at(3).get<Version>()});
    }
    return list;
  };
  timeline_.arrows = arrows(state.at("arrows"));
  waiting_ = arrows(state.at("waiting"));
  state.at("parked_since").get_to(parked_since_);
  state.at("version").get_to(version_);
}

}  // namespace syncline
