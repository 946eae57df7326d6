#include "trace/k_history.hpp"

#include <cstdio>

#include <nlohmann/json.hpp>

namespace syncline {
namespace {

std::string short_number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", value);
  return text;
}

/// The reason of this name; null if it was not given.
const double* find(const KChange& change, std::string_view name) {
  for (const auto& [reason, value] : change.reasons) {
    if (reason == name) return &value;
  }
  return nullptr;
}

/// `auto`: what one update does to the loss.
std::string explain_fall(const KChange& change) {
  const double* fall = find(change, "loss_fall");
  const double* noise = find(change, "noise_loss");
  const double* runtime = find(change, "runtime");
  const double* next_fall = find(change, "next_loss_fall");
  const double* next_runtime = find(change, "next_runtime");
  if (!fall || !noise || !runtime || !next_fall || !next_runtime) return "";
  // A fall below zero is a rise: nothing is gained any more.
  return (*fall > 0 ? ": an update takes " + short_number(*runtime) + " and lowers the loss by " +
                          short_number(*fall)
                    : std::string(": an update no longer lowers the loss")) +
         " (noise costs " + short_number(*noise) + "); the new K " +
         (*next_fall > 0 ? "should lower it by " + short_number(*next_fall) + " in " +
                               short_number(*next_runtime)
                         : std::string("is the largest within reach"));
}

/// `horizon`: what updates learn, and the floor that noise puts under the loss.
std::string explain_floor(const KChange& change) {
  const double* progress = find(change, "progress");
  const double* floor = find(change, "floor");
  const double* runtime = find(change, "runtime");
  const double* next_floor = find(change, "next_floor");
  const double* next_runtime = find(change, "next_runtime");
  if (!progress || !floor || !runtime || !next_floor || !next_runtime) return "";
  return (*progress > 0 ? ": an update takes " + short_number(*runtime) + " and learns " +
                              short_number(*progress)
                        : std::string(": updates no longer learn anything")) +
         ", noise keeps the loss " + short_number(*floor) +
         " higher; with the new K an update takes " + short_number(*next_runtime) +
         ", and noise keeps it " + short_number(*next_floor) + " higher";
}

}  // namespace

std::string explain(const KChange& change) {
  char head[96];
  std::snprintf(head, sizeof head, "t = %.6g: K %.6g -> %.6g", change.time, change.from, change.to);
  return head + explain_fall(change) + explain_floor(change);
}

void KHistory::published(std::string_view name, double value, double time) {
  if (time != reasons_time_) reasons_.clear();
  reasons_time_ = time;
  if (name != "k") {
    reasons_.emplace_back(name, value);
    return;
  }
  if (!k_.empty()) changes_.push_back({time, k_.back().second, value, std::move(reasons_)});
  reasons_.clear();
  k_.emplace_back(time, value);
}

nlohmann::json KHistory::state() const {
  nlohmann::json changes = nlohmann::json::array();
  for (const KChange& change : changes_) {
    changes.push_back({change.time, change.from, change.to, change.reasons});
  }
  return {{"k", k_}, {"changes", changes}, {"reasons", reasons_}, {"time", reasons_time_}};
}

void KHistory::restore(const nlohmann::json& state) {
  state.at("k").get_to(k_);
  changes_.clear();
  for (const auto& change : state.at("changes")) {
    changes_.push_back({change.at(0), change.at(1), change.at(2), {}});
    change.at(3).get_to(changes_.back().reasons);
  }
  state.at("reasons").get_to(reasons_);
  state.at("time").get_to(reasons_time_);
}

}  // namespace syncline
