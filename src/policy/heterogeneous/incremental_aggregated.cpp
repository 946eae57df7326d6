#include <nlohmann/json.hpp>

#include "policy/entries.hpp"

namespace syncline {
namespace {

/// Keeps everybody's last gradient and steps on every push with the mean of all.
class IncrementalAggregated final : public ValuePolicy<IncrementalAggregated> {
 public:
  explicit IncrementalAggregated(std::uint32_t workers)
      : seen_(workers, false), missing_(workers) {}

  [[nodiscard]] Requirements requirements() const override {
    Requirements requirements;
    requirements.slots = 0;
    requirements.tables = 1;
    requirements.data_shares = DataShares::equal;
    return requirements;
  }
  void begin(const Begin&, Actions& actions) override { actions.send_all_parked(); }

  void arrive(const Arrive& event, Actions& actions) override {
    actions.put(0);
    if (!seen_[event.worker]) {
      seen_[event.worker] = true;
      --missing_;
    }
    if (missing_ == 0) actions.step(0, 1);
    actions.send(event.worker);
  }

  [[nodiscard]] nlohmann::json state() const override {
    return {{"seen", seen_}, {"missing", missing_}};
  }
  void restore(const nlohmann::json& state) override {
    state.at("seen").get_to(seen_);
    state.at("missing").get_to(missing_);
  }

 private:
  std::vector<bool> seen_;
  std::size_t missing_;  ///< workers that have not pushed yet
};

}  // namespace

PolicyEntry incremental_aggregated_policy() {
  return {"ia2sgd",
          "async that steps with the mean of everybody's last gradient: for unlike data",
          "incremental aggregated asynchronous SGD; ACE, arXiv 2511.19066",
          {},
          [](const Arguments&, const PolicyContext& context) {
            return std::make_unique<IncrementalAggregated>(context.workers);
          }};
}

}  // namespace syncline
