#pragma once

#include <nlohmann/json.hpp>

#include "syncline/policy.hpp"

/// K-batch-async that never applies a gradient staler than `limit`: such a gradient is dropped, and
/// its worker starts again on the current version. Needs limit >= 0 and k >= 1.
class BoundedAsync final : public syncline::Policy {
 public:
  BoundedAsync(std::uint64_t k, std::uint64_t limit) : k_(k), limit_(limit) {}

  std::unique_ptr<Policy> clone() const override { return std::make_unique<BoundedAsync>(*this); }

  void begin(const syncline::Begin&, syncline::Actions& actions) override {
    actions.send_all_parked();
  }

  void arrive(const syncline::Arrive& event, syncline::Actions& actions) override {
    if (event.version - event.read > limit_) {
      actions.drop("too stale");
    } else {
      actions.fold(0, 1.0 / static_cast<double>(k_));
      if (++folded_ == k_) actions.step(0, 1.0);
    }
    actions.send(event.worker);  // after the step, so on the new version
  }

  void stepped(const syncline::Stepped&, syncline::Actions&) override { folded_ = 0; }

  nlohmann::json state() const override { return {{"folded", folded_}}; }
  void restore(const nlohmann::json& state) override { state.at("folded").get_to(folded_); }

 private:
  std::uint64_t k_, limit_;
  std::uint64_t folded_ = 0;  ///< gradients in slot 0
};
