#include <algorithm>
#include <cmath>
#include <deque>

#include <nlohmann/json.hpp>

#include "policy/entries.hpp"

namespace syncline {
namespace {

/// Async that applies no gradient of staleness R or more. With stops, a job is cancelled at the
/// step that makes it too stale, so no gradient arrives in vain (arXiv 2501.16168, algorithms 4 and
/// 5); else it is dropped on arrival. Without R, the limit grows as floor(sqrt(k + 1)) and the
/// steps shrink as (k + 1)^(-3/4), their direction a running mean of gradients, normalised
/// (arXiv 2605.18174, the schedule that needs no constants).
class Ringmaster final : public ValuePolicy<Ringmaster> {
 public:
  Ringmaster(std::uint64_t limit, bool stops, std::uint32_t workers)
      : limit_(limit), stops_(stops), jobs_(workers, 0) {}

  [[nodiscard]] Requirements requirements() const override {
    Requirements requirements;
    if (limit_ == 0) requirements.optimizer = "normalised";
    return requirements;
  }

  void begin(const Begin& event, Actions& actions) override {
    actions.send_all_parked();
    for (WorkerId worker = 0; worker < event.workers; ++worker) note_sent(worker, 0);
  }

  void arrive(const Arrive& event, Actions& actions) override {
    if (event.staleness() >= limit(event.version)) {
      actions.drop("stale");
      note_sent(event.worker, event.version);
    } else {
      // The step restarts whom it makes too stale; the pusher must no longer be among the running.
      ++jobs_[event.worker];
      actions.fold(0, 1);
      actions.step(0, scale(event.version));
      note_sent(event.worker, event.version + 1);
    }
    actions.send(event.worker);
  }

  void stepped(const Stepped& event, Actions& actions) override {
    if (!stops_) return;
    while (!running_.empty() && event.version - running_.front().read >= limit(event.version)) {
      const Running oldest = running_.front();
      running_.pop_front();
      if (jobs_[oldest.worker] != oldest.job) continue;  // has ended since
      actions.cancel(oldest.worker);
      actions.send(oldest.worker);
      note_sent(oldest.worker, event.version);
    }
  }

  [[nodiscard]] nlohmann::json state() const override {
    nlohmann::json running = nlohmann::json::array();
    for (const Running& job : running_) running.push_back({job.read, job.worker, job.job});
    return {{"jobs", jobs_}, {"running", running}};
  }
  void restore(const nlohmann::json& state) override {
    state.at("jobs").get_to(jobs_);
    running_.clear();
    for (const auto& job : state.at("running")) {
      running_.push_back(
          {job.at(0).get<Version>(), job.at(1).get<WorkerId>(), job.at(2).get<std::uint64_t>()});
    }
  }

 private:
  struct Running {
    Version read;
    WorkerId worker;
    std::uint64_t job;
  };

  [[nodiscard]] Version limit(Version version) const {
    if (limit_ > 0) return limit_;
    const double root = std::floor(std::sqrt(static_cast<double>(version) + 1));
    return static_cast<Version>(std::max(1.0, root));
  }
  [[nodiscard]] double scale(Version version) const {
    return limit_ > 0 ? 1 : std::pow(static_cast<double>(version) + 1, -0.75);
  }
  void note_sent(WorkerId worker, Version read) {
    ++jobs_[worker];
    if (stops_) running_.push_back({read, worker, jobs_[worker]});
  }

  Version limit_;  ///< 0: the schedule
  bool stops_;
  std::vector<std::uint64_t> jobs_;  ///< by worker: changes whenever a job starts or ends
  std::deque<Running> running_;      ///< in order of their reads, some of them over
};

}  // namespace

PolicyEntry ringmaster_policy() {
  return {
      "ringmaster",
      "async that applies no gradient of staleness R or more: optimal in time",
      "Maranjyan, Tyurin, Richtarik, arXiv 2501.16168; schedule: arXiv 2605.18174",
      {{"limit", "R, 1 or more; 0: floor(sqrt(k + 1)) at update k, and steps times (k + 1)^(-3/4)",
        std::nullopt},
       {"stops", "cancel a job at the step that makes it too stale; else drop it on arrival",
        "true"}},
      [](const Arguments& arguments, const PolicyContext& context) {
        return std::make_unique<Ringmaster>(arguments.whole("limit"), arguments.boolean("stops"),
                                            context.workers);
      }};
}

}  // namespace syncline
