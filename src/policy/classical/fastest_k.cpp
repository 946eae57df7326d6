#include <algorithm>

#include <nlohmann/json.hpp>

#include "policy/entries.hpp"

namespace syncline {
namespace {

/// K-sync whose K grows when successive aggregates begin to point against each other: Pflug's sign
/// test for the phase in which noise, not slope, moves the parameters.
class FastestK final : public ValuePolicy<FastestK> {
 public:
  struct Settings {
    std::uint64_t start, increment;
    std::int64_t threshold;
    std::uint64_t burn_in, workers;
  };
  explicit FastestK(const Settings& settings) : settings_(settings), k_(settings.start) {}

  [[nodiscard]] Requirements requirements() const override {
    Requirements requirements;
    requirements.observables.dot = true;
    requirements.payloads_per_step = settings_.start;
    requirements.distinct_workers = true;
    return requirements;
  }
  void begin(const Begin&, Actions& actions) override {
    actions.set("k", static_cast<double>(k_));
    actions.send_all_parked();
  }
  void arrive(const Arrive& event, Actions& actions) override {
    actions.fold(0, 1 / static_cast<double>(k_));
    if (++folded_ < k_) {
      actions.park(event.worker);
    } else {
      actions.step(0, 1);
    }
  }
  void stepped(const Stepped& event, Actions& actions) override {
    folded_ = 0;
    ++steps_;
    if (event.dot < 0) ++against_;
    if (event.dot > 0) --against_;
    if (against_ > settings_.threshold && steps_ > settings_.burn_in && k_ < settings_.workers) {
      k_ = std::min(k_ + settings_.increment, settings_.workers);
      against_ = 0;
      steps_ = 0;
      actions.set("k", static_cast<double>(k_));
    }
    actions.cancel_all_busy();
    actions.send_all_parked();
  }

  [[nodiscard]] nlohmann::json state() const override {
    return {{"k", k_}, {"folded", folded_}, {"against", against_}, {"steps", steps_}};
  }
  void restore(const nlohmann::json& state) override {
    state.at("k").get_to(k_);
    state.at("folded").get_to(folded_);
    state.at("against").get_to(against_);
    state.at("steps").get_to(steps_);
  }

 private:
  Settings settings_;
  std::uint64_t k_;
  std::uint64_t folded_ = 0;
  std::int64_t against_ = 0;  ///< steps against the one before, less those along with it
  std::uint64_t steps_ = 0;   ///< since K last grew
};

}  // namespace

PolicyEntry fastest_k_policy() {
  return {
      "fastest-k",
      "K-sync that raises K when successive steps point against each other",
      "Kas Hanna, Bitar, Parag, Dasari, El Rouayheb, arXiv 2002.11005, 2208.03134",
      {{"start", "K at the start; 0: a fifth of P", "0"},
       {"increment", "what is added to K; 0: a fifth of P", "0"},
       {"threshold", "steps against the one before, less those along with it, that it takes", "10"},
       {"burn_in", "steps at a K before it may grow", "20"}},
      [](const Arguments& arguments, const PolicyContext& context) {
        const std::uint64_t fifth = (context.workers + 4) / 5;
        FastestK::Settings settings{};
        settings.workers = context.workers;
        settings.start = arguments.whole("start");
        if (settings.start == 0) settings.start = fifth;
        if (settings.start > context.workers) {
          arguments.refuse(
              "start", "can't be above the number of workers, " + std::to_string(context.workers));
        }
        settings.increment = arguments.whole("increment");
        if (settings.increment == 0) settings.increment = fifth;
        settings.threshold = static_cast<std::int64_t>(
            std::min<std::uint64_t>(arguments.whole("threshold"), 1'000'000'000));
        settings.burn_in = arguments.whole("burn_in");
        return std::make_unique<FastestK>(settings);
      }};
}

}  // namespace syncline
