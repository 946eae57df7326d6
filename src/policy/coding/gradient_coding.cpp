#include <algorithm>

#include <nlohmann/json.hpp>

#include "policy/coding/cyclic_coding.hpp"
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

/// To make a code takes time with the cube of the workers: a second for so many.
constexpr std::uint32_t most_cyclic = 256;

std::unique_ptr<Policy> cyclic(const Arguments& arguments, std::uint32_t workers) {
  const std::uint64_t stragglers = arguments.whole("stragglers");
  if (stragglers >= workers) {
    arguments.refuse("stragglers",
                     "must be below the number of workers, " + std::to_string(workers));
  }
  if (workers > most_cyclic) {
    arguments.refuse("code", "can be cyclic for at most " + std::to_string(most_cyclic) +
                                 " workers, and there are " + std::to_string(workers));
  }
  auto code = best_cyclic_code(workers, static_cast<std::uint32_t>(stragglers));
  if (!(code->worst().error <= CyclicCode::largest_error)) {
    arguments.refuse("stragglers", "must be lower: a cyclic code of " + std::to_string(workers) +
                                       " workers would lose more than eight digits");
  }
  return std::make_unique<CyclicCoding>(std::move(code));
}

std::unique_ptr<Policy> repetition(const Arguments& arguments, std::uint32_t workers) {
  const std::uint64_t group = arguments.whole("stragglers") + 1;
  if (group > workers || workers % group != 0) {
    arguments.refuse("stragglers", "s + 1 must divide the number of workers, " +
                                       std::to_string(workers) + "; with code=cyclic it need not");
  }
  return std::make_unique<GradientCoding>(static_cast<std::uint32_t>(group), workers);
}

}  // namespace

PolicyEntry gradient_coding_policy() {
  return {
      "gradient-coding",
      "sync that can do without the last few workers: the exact gradient all the same",
      "Tandon, Lei, Dimakis, Karampatziakis, arXiv 1612.03301",
      {{"stragglers",
        "s, late workers that it can bear, in each group or, cyclic, in all. Everybody computes "
        "s + 1 times as much",
        "1"},
       {"code",
        "repetition: groups of s + 1 have the same parts of the data; s + 1 must divide P. "
        "cyclic: any P, any s workers late",
        "repetition"}},
      [](const Arguments& arguments, const PolicyContext& context) {
        const std::string& code = arguments.text("code");
        if (code == "cyclic") return cyclic(arguments, context.workers);
        if (code != "repetition") arguments.refuse("code", "must be repetition or cyclic");
        return repetition(arguments, context.workers);
      }};
}

}  // namespace syncline
