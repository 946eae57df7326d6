#include <algorithm>

#include <nlohmann/json.hpp>

#include "policy/entries.hpp"

namespace syncline {
namespace {

/// Every worker computes fresh gradients at one version until each has pushed one and the harmonic
/// mean of their counts is S / n; the step is the mean over workers of each worker's own mean.
class Malenia final : public ValuePolicy<Malenia> {
 public:
  Malenia(double gradients, std::uint32_t workers) : gradients_(gradients), counts_(workers, 0) {}

  [[nodiscard]] Requirements requirements() const override {
    Requirements requirements;
    requirements.slots = 0;
    requirements.tables = 1;
    requirements.payloads_per_step = counts_.size();
    requirements.data_shares = DataShares::equal;
    return requirements;
  }
  void begin(const Begin&, Actions& actions) override { actions.send_all_parked(); }

  void arrive(const Arrive& event, Actions& actions) override {
    actions.fold(0, 1);
    const auto count = static_cast<double>(++counts_[event.worker]);
    if (count == 1) {
      ++seen_;
      inverses_ += 1;
    } else {
      inverses_ += 1 / count - 1 / (count - 1);
    }
    const auto n = static_cast<double>(counts_.size());
    // n / sum(1 / b_i) >= S / n; the rounding of a sum of ones must not cost a round.
    const bool enough = n * n >= gradients_ * inverses_ * (1 - 1e-12);
    if (seen_ == counts_.size() && enough) {
      actions.step(0, 1);
    } else {
      actions.send(event.worker);
    }
  }
  void stepped(const Stepped&, Actions& actions) override {
    std::fill(counts_.begin(), counts_.end(), 0U);
    seen_ = 0;
    inverses_ = 0;
    actions.clear(0);
    actions.cancel_all_busy();
    actions.send_all_parked();
  }

  [[nodiscard]] nlohmann::json state() const override {
    return {{"counts", counts_}, {"seen", seen_}, {"inverses", inverses_}};
  }
  void restore(const nlohmann::json& state) override {
    state.at("counts").get_to(counts_);
    state.at("seen").get_to(seen_);
    state.at("inverses").get_to(inverses_);
  }

 private:
  double gradients_;                   ///< S; n or less asks no more than one of each
  std::vector<std::uint64_t> counts_;  ///< b_i
  std::size_t seen_ = 0;               ///< workers with a gradient
  double inverses_ = 0;                ///< sum of 1 / b_i over those
};

}  // namespace

PolicyEntry malenia_policy() {
  return {"malenia",
          "fresh gradients of everybody, each worker's mean counting alike: for unlike data",
          "Tyurin and Richtarik, arXiv 2305.12387",
          {{"gradients",
            "S: step when the harmonic mean of the workers' counts is S / P; 0: when each has one",
            "0"}},
          [](const Arguments& arguments, const PolicyContext& context) {
            return std::make_unique<Malenia>(arguments.non_negative("gradients"), context.workers);
          }};
}

}  // namespace syncline
