#include "restart_rules.hpp"

#include <algorithm>
#include <set>

#include "record.hpp"

namespace syncline::repro {

RestartRules::Begin RestartRules::drawn(const GradientRecord& gradient) const {
  const auto found = last_.find(gradient.worker);
  const bool again = found != last_.end();
  switch (point_.family) {
    case VariantFamily::k_sync:
      return {last_update_, version_};
    case VariantFamily::k_batch_sync:
      return {again ? std::max(last_update_, found->second.time) : last_update_, version_};
    case VariantFamily::k_async:
      if (again) return {found->second.update_time, found->second.update};
      break;
    case VariantFamily::k_batch_async:
      // Who completes an update reads what it made, an earlier pusher what was there before.
      if (again) {
        return {found->second.time, found->second.update - (found->second.completed ? 0 : 1)};
      }
      break;
  }
  return {0, 0};
}

void RestartRules::check(const UpdateRecord& record) {
  std::set<WorkerId> workers;
  for (std::size_t i = 0; i < record.gradients.size(); ++i) {
    const GradientRecord& gradient = record.gradients[i];
    const Begin expected = drawn(gradient);
    ++jobs_;
    if (gradient.start == expected.start && gradient.read == expected.read) ++as_drawn_;
    workers.insert(gradient.worker);
    staleness_ += gradient.staleness;
    most_stale_ = std::max<std::uint64_t>(most_stale_, gradient.staleness);
    const bool completes = i + 1 == record.gradients.size();
    last_[gradient.worker] = {gradient.push, record.update, record.time, completes};
    if (completes) continue;
    ++early_pushes_;
    const double wait = waits() ? record.time - gradient.push : 0;
    double idle = 0;
    for (const auto& [worker, duration] : record.idle) {
      if (worker == gradient.worker) idle = duration;
    }
    if (idle == wait) ++waited_as_drawn_;
  }
  if (workers.size() == record.gradients.size()) ++distinct_;
  for (const auto& [worker, duration] : record.idle) waits_ += duration > 0 ? 1 : 0;
  const std::uint64_t cancelled = record.cancelled.size();
  cancelled_ += cancelled;
  fewest_cancelled_ = std::min(fewest_cancelled_, cancelled);
  most_cancelled_ = std::max(most_cancelled_, cancelled);
  version_ = record.update;
  last_update_ = record.time;
}

Json RestartRules::json() const {
  return {{"updates", version_},
          {"jobs", jobs_},
          {"as_drawn", as_drawn_},
          {"early_pushes", early_pushes_},
          {"waited_as_drawn", waited_as_drawn_},
          {"waits", waits_},
          {"distinct", distinct_},
          {"cancelled", {fewest_cancelled_, most_cancelled_}},
          {"staleness_mean", rounded(static_cast<double>(staleness_) / static_cast<double>(jobs_))},
          {"staleness_max", most_stale_}};
}

}  // namespace syncline::repro
