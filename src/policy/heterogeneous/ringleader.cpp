#include <algorithm>

#include <nlohmann/json.hpp>

#include "policy/entries.hpp"

namespace syncline {
namespace {

/// Rounds of n steps, each with the mean over workers of each worker's mean gradient. First
/// everybody's gradients are gathered at one version; then each worker's next push makes a step.
/// What comes too early for that goes into the table of the next round, so nothing is lost and
/// nobody waits.
class Ringleader final : public ValuePolicy<Ringleader> {
 public:
  explicit Ringleader(std::uint32_t workers)
      : counts_(workers, 0), next_counts_(workers, 0), owed_(workers, false), missing_(workers) {}

  [[nodiscard]] Requirements requirements() const override {
    Requirements requirements;
    requirements.slots = 0;
    requirements.tables = 2;
    requirements.data_shares = DataShares::equal;
    return requirements;
  }
  void begin(const Begin&, Actions& actions) override { actions.send_all_parked(); }

  void arrive(const Arrive& event, Actions& actions) override {
    const WorkerId worker = event.worker;
    const bool gathering = owing_ == 0;
    if (gathering || owed_[worker]) {
      actions.fold(current, 1);
      if (counts_[worker]++ == 0) --missing_;
    } else {
      actions.fold(following, 1);
      ++next_counts_[worker];
    }
    if (gathering && missing_ == 0) {
      actions.step(current, 1);
      std::fill(owed_.begin(), owed_.end(), true);
      owed_[worker] = false;
      owing_ = counts_.size() - 1;
      if (owing_ == 0) next_round(actions);
    } else if (!gathering && owed_[worker]) {
      actions.step(current, 1);
      owed_[worker] = false;
      if (--owing_ == 0) next_round(actions);
    }
    actions.send(worker);
  }

  [[nodiscard]] nlohmann::json state() const override {
    return {{"counts", counts_},
            {"next_counts", next_counts_},
            {"owed", owed_},
            {"owing", owing_},
            {"missing", missing_}};
  }
  void restore(const nlohmann::json& state) override {
    state.at("counts").get_to(counts_);
    state.at("next_counts").get_to(next_counts_);
    state.at("owed").get_to(owed_);
    state.at("owing").get_to(owing_);
    state.at("missing").get_to(missing_);
  }

 private:
  static constexpr Slot current = 0;
  static constexpr Slot following = 1;

  void next_round(Actions& actions) {
    actions.swap(current, following);
    actions.clear(following);
    counts_.swap(next_counts_);
    std::fill(next_counts_.begin(), next_counts_.end(), 0U);
    missing_ = static_cast<std::size_t>(std::count(counts_.begin(), counts_.end(), 0U));
  }

  std::vector<std::uint32_t> counts_;       ///< gradients in each entry of the current table
  std::vector<std::uint32_t> next_counts_;  ///< and of the next round's
  std::vector<bool> owed_;                  ///< workers whose next push makes a step
  std::size_t owing_ = 0;                   ///< how many; 0: gathering
  std::size_t missing_;                     ///< workers without a gradient in the current table
};

}  // namespace

PolicyEntry ringleader_policy() {
  return {"ringleader",
          "async rounds in which every worker's mean gradient counts alike: for unlike data",
          "Maranjyan and Richtarik, arXiv 2509.22860",
          {},
          [](const Arguments&, const PolicyContext& context) {
            return std::make_unique<Ringleader>(context.workers);
          }};
}

}  // namespace syncline
