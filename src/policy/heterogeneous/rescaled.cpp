#include <algorithm>

#include <nlohmann/json.hpp>

#include "policy/entries.hpp"

namespace syncline {
namespace {

/// Async whose steps are proportional to the time that their worker takes, so that everybody moves
/// the parameters by as much in the long run. The time is a running mean of the worker's durations
/// over the mean of all workers, or, without a clock, the mean number of pushes over its own.
class Rescaled final : public ValuePolicy<Rescaled> {
 public:
  Rescaled(bool by_count, double cap, std::uint32_t workers)
      : by_count_(by_count), cap_(cap), pushes_(workers, 0), durations_(workers, 0) {}

  [[nodiscard]] Requirements requirements() const override {
    Requirements requirements;
    requirements.data_shares = DataShares::equal;
    return requirements;
  }
  void begin(const Begin&, Actions& actions) override { actions.send_all_parked(); }

  void arrive(const Arrive& event, Actions& actions) override {
    note(event);
    actions.fold(0, 1);
    actions.step(0, cap_ > 0 ? std::min(weight(event.worker), cap_) : weight(event.worker));
    actions.send(event.worker);
  }

  [[nodiscard]] nlohmann::json state() const override {
    return {{"pushes", pushes_},
            {"durations", durations_},
            {"sum", sum_},
            {"seen", seen_},
            {"all", all_}};
  }
  void restore(const nlohmann::json& state) override {
    state.at("pushes").get_to(pushes_);
    state.at("durations").get_to(durations_);
    state.at("sum").get_to(sum_);
    state.at("seen").get_to(seen_);
    state.at("all").get_to(all_);
  }

 private:
  /// The weight of a new duration in the running mean.
  static constexpr double share = 0.1;

  void note(const Arrive& event) {
    const double duration = event.time - event.start;
    double& mean = durations_[event.worker];
    const double before = mean;
    if (pushes_[event.worker]++ == 0) {
      ++seen_;
      mean = duration;
    } else {
      mean += share * (duration - mean);
    }
    sum_ += mean - before;
    ++all_;
  }

  [[nodiscard]] double weight(WorkerId worker) const {
    const auto seen = static_cast<double>(seen_);
    if (by_count_) {
      return static_cast<double>(all_) / seen / static_cast<double>(pushes_[worker]);
    }
    return sum_ > 0 ? durations_[worker] * seen / sum_ : 1;
  }

  bool by_count_;
  double cap_;
  std::vector<std::uint64_t> pushes_;
  std::vector<double> durations_;  ///< running means
  double sum_ = 0;                 ///< of the running means
  std::size_t seen_ = 0;           ///< workers that have pushed
  std::uint64_t all_ = 0;          ///< pushes
};

}  // namespace

PolicyEntry rescaled_policy() {
  return {
      "rescaled",
      "async whose steps grow with the time of their worker: for unlike data",
      "Mahran, Maranjyan, Richtarik, arXiv 2605.13434; estimators ours",
      {{"by", "time (running means of durations) or count (of pushes, without a clock)", "time"},
       {"cap", "the largest weight of a step; 0: none", "0"}},
      [](const Arguments& arguments, const PolicyContext& context) {
        const std::string& by = arguments.text("by");
        if (by != "time" && by != "count") arguments.refuse("by", "must be time or count");
        return std::make_unique<Rescaled>(by == "count", arguments.non_negative("cap"),
                                          context.workers);
      }};
}

}  // namespace syncline
