#include <algorithm>
#include <queue>
#include <utility>

#include <nlohmann/json.hpp>

#include "policy/k_variants/update_times.hpp"

namespace syncline {
namespace {

/// Length of a replay: gradients for each worker, and updates, at least. The first third is left
/// out, since everybody starts at the same instant.
constexpr std::uint64_t jobs_per_worker = 12;
constexpr std::uint64_t fewest_updates = 24;

}  // namespace

std::unique_ptr<UpdateTimes> ReplayedTimes::clone() const {
  return std::make_unique<ReplayedTimes>(*this);
}

void ReplayedTimes::began(double time, std::uint32_t workers) {
  workers_.assign(workers, {time, {}, 0});
}

void ReplayedTimes::arrived(WorkerId worker, double time) {
  Worker& entry = workers_[worker];
  const double duration = time - entry.started;
  if (entry.durations.size() < remembered) {
    entry.durations.push_back(duration);
    return;
  }
  entry.durations[entry.next] = duration;
  entry.next = (entry.next + 1) % remembered;
}

void ReplayedTimes::stepped(double time, const std::vector<WorkerId>& restarted) {
  for (const WorkerId worker : restarted) workers_[worker].started = time;
}

double ReplayedTimes::runtime(std::uint64_t k, double now) const {
  std::vector<std::uint64_t> played(workers_.size(), 0);
  const auto duration = [&](WorkerId worker) {
    const Worker& entry = workers_[worker];
    if (entry.durations.empty()) return now - entry.started;
    return entry.durations[(entry.next + played[worker]++) % entry.durations.size()];
  };
  using Arrival = std::pair<double, WorkerId>;
  std::priority_queue<Arrival, std::vector<Arrival>, std::greater<>> queue;
  for (WorkerId worker = 0; worker < workers_.size(); ++worker) {
    queue.emplace(duration(worker), worker);
  }
  const std::uint64_t updates =
      std::max<std::uint64_t>(fewest_updates, jobs_per_worker * workers_.size() / k);
  const std::uint64_t startup = updates / 3;
  std::vector<WorkerId> waiting;
  double time = 0;
  double begin = 0;
  for (std::uint64_t update = 1; update <= updates; ++update) {
    waiting.clear();
    while (waiting.size() < k) {
      time = queue.top().first;
      waiting.push_back(queue.top().second);
      queue.pop();
    }
    for (const WorkerId worker : waiting) queue.emplace(time + duration(worker), worker);
    if (update == startup) begin = time;
  }
  return (time - begin) / static_cast<double>(updates - startup);
}

nlohmann::json ReplayedTimes::state() const {
  nlohmann::json workers = nlohmann::json::array();
  for (const Worker& worker : workers_) {
    workers.push_back({worker.started, worker.durations, worker.next});
  }
  return {{"workers", workers}};
}

void ReplayedTimes::restore(const nlohmann::json& state) {
  workers_.clear();
  for (const auto& worker : state.at("workers")) {
    workers_.push_back({worker.at(0), worker.at(1), worker.at(2)});
  }
}

}  // namespace syncline
