#include <algorithm>

#include <nlohmann/json.hpp>

#include "syncline/host.hpp"

namespace syncline {

// What a checkpoint holds of a host. Taken between events, so nothing of an event in progress.

nlohmann::json Host::state() const {
  nlohmann::json workers = nlohmann::json::array();
  for (const Worker& entry : table_) {
    workers.push_back({entry.job.job, entry.job.read, entry.job.start, entry.job.restart,
                       static_cast<int>(entry.state), entry.was_cancelled, entry.has_run,
                       entry.job.work.steps, entry.job.work.gradients, entry.job.gradient,
                       entry.job.work.report, entry.wanted.steps, entry.wanted.gradients,
                       entry.wanted.report, entry.down, entry.begun});
  }
  nlohmann::json held = nlohmann::json::array();
  for (const Held& slot : held_) {
    held.push_back({slot.waiting, slot.filled, slot.entries, slot.fresh});
  }
  return {{"policy", policy_->state()},
          {"workers", workers},
          {"version", version_},
          {"account",
           {account_.started, account_.computed, account_.applied, account_.dropped, account_.held,
            account_.cancelled, account_.in_flight, account_.lost}},
          {"held", held},
          {"next_measurement", next_measurement_},
          {"due", due_},
          {"armed", armed_},
          {"now", now_},
          {"finished", finished_}};
}

void Host::restore(const nlohmann::json& state) {
  policy_->restore(state.at("policy"));
  const auto& workers = state.at("workers");
  if (workers.size() != table_.size()) {
    throw DataError("the checkpoint has " + std::to_string(workers.size()) + " workers, not " +
                    std::to_string(table_.size()));
  }
  for (std::size_t i = 0; i < table_.size(); ++i) {
    Worker& entry = table_[i];
    workers[i].at(0).get_to(entry.job.job);
    workers[i].at(1).get_to(entry.job.read);
    workers[i].at(2).get_to(entry.job.start);
    workers[i].at(3).get_to(entry.job.restart);
    entry.state = static_cast<State>(workers[i].at(4).get<int>());
    workers[i].at(5).get_to(entry.was_cancelled);
    workers[i].at(6).get_to(entry.has_run);
    workers[i].at(7).get_to(entry.job.work.steps);
    workers[i].at(8).get_to(entry.job.work.gradients);
    workers[i].at(9).get_to(entry.job.gradient);
    workers[i].at(10).get_to(entry.job.work.report);
    workers[i].at(11).get_to(entry.wanted.steps);
    workers[i].at(12).get_to(entry.wanted.gradients);
    workers[i].at(13).get_to(entry.wanted.report);
    workers[i].at(14).get_to(entry.down);
    workers[i].at(15).get_to(entry.begun);
  }
  state.at("version").get_to(version_);
  const auto& account = state.at("account");
  account.at(0).get_to(account_.started);
  account.at(1).get_to(account_.computed);
  account.at(2).get_to(account_.applied);
  account.at(3).get_to(account_.dropped);
  account.at(4).get_to(account_.held);
  account.at(5).get_to(account_.cancelled);
  account.at(6).get_to(account_.in_flight);
  account.at(7).get_to(account_.lost);
  for (std::size_t i = 0; i < held_.size(); ++i) {
    const auto& held = state.at("held").at(i);
    held.at(0).get_to(held_[i].waiting);
    held.at(1).get_to(held_[i].filled);
    held.at(2).get_to(held_[i].entries);
    held.at(3).get_to(held_[i].fresh);
  }
  state.at("next_measurement").get_to(next_measurement_);
  state.at("due").get_to(due_);
  state.at("armed").get_to(armed_);
  state.at("now").get_to(now_);
  state.at("finished").get_to(finished_);
  free_ = 0;
  missed_ =
      static_cast<std::size_t>(std::count_if(table_.begin(), table_.end(), [](const Worker& entry) {
        return entry.down && entry.state == State::busy;
      }));
}

}  // namespace syncline
