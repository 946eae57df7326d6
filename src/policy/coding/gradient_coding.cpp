#include <algorithm>

#include <nlohmann/json.hpp>

#include "policy/entries.hpp"

namespace syncline {
namespace {

/// Groups of s + 1 workers hold the same s + 1 parts of the data; the first sum of each group makes
/// the exact mean over all parts, whichever s workers of a group are late.
class GradientCoding final : public ValuePolicy<GradientCoding> {
 public:
  /// REQUIRES: `group` divides `workers`.
  GradientCoding(std::uint32_t group, std::uint32_t workers)
      : group_(group), workers_(workers), heard_(workers / group, false) {}

  [[nodiscard]] Requirements requirements() const override {
    Requirements requirements;
    requirements.program = "coded-gradients";
    requirements.payloads_per_step = heard_.size();
    requirements.distinct_workers = true;
    requirements.data_shares = DataShares::equal;
    return requirements;
  }
  void begin(const Begin&, Actions& actions) override { actions.send_all_parked(work()); }

  void arrive(const Arrive& event, Actions& actions) override {
    const std::size_t group = event.worker / group_;
    if (heard_[group]) {
      actions.drop("already decoded");
      return actions.park(event.worker);
    }
    heard_[group] = true;
    // A payload is a sum over the parts of its group; all groups together have `workers_` parts.
    actions.fold(0, 1 / static_cast<double>(workers_));
    if (++groups_ == heard_.size()) {
      actions.step(0, 1);
    } else {
      actions.park(event.worker);
    }
  }
  void stepped(const Stepped&, Actions& actions) override {
    groups_ = 0;
    std::fill(heard_.begin(), heard_.end(), false);
    actions.cancel_all_busy();
    actions.send_all_parked(work());
  }

  [[nodiscard]] nlohmann::json state() const override {
    return {{"heard", heard_}, {"groups", groups_}};
  }
  void restore(const nlohmann::json& state) override {
    state.at("heard").get_to(heard_);
    state.at("groups").get_to(groups_);
  }

 private:
  [[nodiscard]] Work work() const { return {group_, group_}; }

  std::uint32_t group_, workers_;
  std::vector<bool> heard_;  ///< groups whose sum is there
  std::size_t groups_ = 0;   ///< how many
};

}  // namespace

PolicyEntry gradient_coding_policy() {
  return {"gradient-coding",
          "sync that needs one worker of each group: the exact gradient in spite of stragglers",
          "Tandon, Lei, Dimakis, Karampatziakis, arXiv 1612.03301: fractional repetition",
          {{"stragglers",
            "s, late workers that a group can bear; s + 1 must divide P. Everybody "
            "computes s + 1 times as much",
            "1"}},
          [](const Arguments& arguments, const PolicyContext& context) {
            const std::uint64_t group = arguments.whole("stragglers") + 1;
            if (group > context.workers || context.workers % group != 0) {
              arguments.refuse("stragglers", "s + 1 must divide the number of workers, " +
                                                 std::to_string(context.workers));
            }
            return std::make_unique<GradientCoding>(static_cast<std::uint32_t>(group),
                                                    context.workers);
          }};
}

}  // namespace syncline
