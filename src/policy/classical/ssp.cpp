#include <algorithm>

#include <nlohmann/json.hpp>

#include "policy/entries.hpp"

namespace syncline {
namespace {

/// Async in which nobody may be more than `slack` gradients ahead of the slowest.
class Ssp final : public ValuePolicy<Ssp> {
 public:
  Ssp(std::uint64_t slack, std::uint32_t workers) : slack_(slack), clocks_(workers, 0) {}

  void begin(const Begin&, Actions& actions) override { actions.send_all_parked(); }

  void arrive(const Arrive& event, Actions& actions) override {
    actions.fold(0, 1);
    actions.step(0, 1);
    const bool was_slowest = clocks_[event.worker]++ == slowest_;
    waiting_.push_back(event.worker);
    if (was_slowest) slowest_ = *std::min_element(clocks_.begin(), clocks_.end());
    std::vector<WorkerId> still;
    for (const WorkerId worker : waiting_) {
      if (clocks_[worker] - slowest_ <= slack_) {
        actions.send(worker);
      } else {
        if (worker == event.worker) actions.park(worker);
        still.push_back(worker);
      }
    }
    waiting_ = std::move(still);
  }

  [[nodiscard]] nlohmann::json state() const override {
    return {{"clocks", clocks_}, {"slowest", slowest_}, {"waiting", waiting_}};
  }
  void restore(const nlohmann::json& state) override {
    state.at("clocks").get_to(clocks_);
    state.at("slowest").get_to(slowest_);
    state.at("waiting").get_to(waiting_);
  }

 private:
  std::uint64_t slack_;
  std::vector<std::uint64_t> clocks_;  ///< gradients that each worker has pushed
  std::uint64_t slowest_ = 0;          ///< the smallest of them
  std::vector<WorkerId> waiting_;      ///< too far ahead
};

}  // namespace

PolicyEntry ssp_policy() {
  return {"ssp",
          "stale synchronous parallel: async, but nobody runs too far ahead of the slowest",
          "Ho et al., NeurIPS 2013",
          {{"slack", "gradients that a worker may be ahead of the slowest; 0 is lock-step", "3"}},
          [](const Arguments& arguments, const PolicyContext& context) {
            return std::make_unique<Ssp>(arguments.whole("slack"), context.workers);
          }};
}

}  // namespace syncline
