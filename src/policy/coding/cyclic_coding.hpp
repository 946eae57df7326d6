#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "policy/coding/cyclic_code.hpp"
#include "policy/policy_entry.hpp"

namespace syncline {

/// Waits for any n - s of n workers and decodes their payloads to the exact mean over all parts.
/// Each payload waits in a slot of its own, since its weight depends on who else will be there.
class CyclicCoding final : public ValuePolicy<CyclicCoding> {
 public:
  explicit CyclicCoding(std::shared_ptr<const CyclicCode> code)
      : code_(std::move(code)), here_(code_->workers(), false) {}

  [[nodiscard]] Requirements requirements() const override {
    Requirements requirements;
    requirements.slots = 1 + code_->workers();
    requirements.program = "cyclic-gradients(workers=" + std::to_string(code_->workers()) +
                           ", stragglers=" + std::to_string(code_->stragglers()) + ")";
    // Whatever treats payloads one by one spoils the decoding: no robust aggregator either, as for
    // policies with one payload in a step.
    requirements.transform = "none";
    requirements.data_shares = DataShares::equal;
    return requirements;
  }
  void begin(const Begin&, Actions& actions) override { actions.send_all_parked(work()); }

  void arrive(const Arrive& event, Actions& actions) override {
    here_[event.worker] = true;
    actions.fold(slot_of(event.worker), 1);
    const std::vector<WorkerId> missing = missing_workers();
    if (missing.size() > code_->stragglers()) return actions.park(event.worker);
    const Decoding decoding = code_->decode(missing);
    // Not every set of workers has been tried; one that decodes badly waits for one more.
    if (!(decoding.error <= CyclicCode::largest_error) && !missing.empty()) {
      return actions.park(event.worker);
    }
    for (WorkerId worker = 0; worker < here_.size(); ++worker) {
      if (!here_[worker]) continue;
      actions.merge(slot_of(worker), sum, decoding.weights[worker] / code_->workers());
    }
    actions.step(sum, 1);
  }
  void stepped(const Stepped&, Actions& actions) override {
    std::fill(here_.begin(), here_.end(), false);
    actions.cancel_all_busy();
    actions.send_all_parked(work());
  }

  [[nodiscard]] nlohmann::json state() const override { return {{"here", here_}}; }
  void restore(const nlohmann::json& state) override { state.at("here").get_to(here_); }

 private:
  static constexpr Slot sum = 0;
  static Slot slot_of(WorkerId worker) { return sum + 1 + worker; }

  [[nodiscard]] Work work() const { return {code_->stragglers() + 1, code_->stragglers() + 1}; }
  [[nodiscard]] std::vector<WorkerId> missing_workers() const {
    std::vector<WorkerId> missing;
    for (WorkerId worker = 0; worker < here_.size(); ++worker) {
      if (!here_[worker]) missing.push_back(worker);
    }
    return missing;
  }

  std::shared_ptr<const CyclicCode> code_;
  std::vector<bool> here_;  ///< whose payload of this round is there
};

}  // namespace syncline
