#include <algorithm>

#include <nlohmann/json.hpp>

#include "policy/classical/step_gain.hpp"
#include "policy/classical/waiting_times.hpp"
#include "policy/entries.hpp"
#include "policy/k_variants/k_variant.hpp"
#include "policy/k_variants/update_times.hpp"

namespace syncline {
namespace {

/// K-sync that at each step takes the K of the largest gain over time, both estimated as it goes.
class DynamicBackupWorkers final : public ValuePolicy<DynamicBackupWorkers> {
 public:
  DynamicBackupWorkers(std::uint64_t window, bool cancel, const PolicyContext& context)
      : cancel_(cancel),
        shrink_(context.shrink),
        workers_(context.workers),
        factor_(context.step_size_factor),
        up_(context.workers),
        gain_(window),
        waiting_times_(context.workers),
        round_times_(true) {
    // At K = 1 there is no sample variance.
    const std::uint64_t start = std::clamp<std::uint64_t>((workers_ + 7) / 8, 2, workers_ + 1);
    k_ = waiting_times_.levels()[waiting_times_.level_of(start)];
  }

  [[nodiscard]] Requirements requirements() const override {
    Requirements requirements;
    requirements.observables.step = true;
    requirements.observables.dot = true;
    requirements.observables.spread = true;
    requirements.distinct_workers = true;
    return requirements;
  }

  void begin(const Begin& event, Actions& actions) override {
    actions.set("k", static_cast<double>(k_));
    actions.send_all_parked();
    round_times_.began(event.time, event.workers);
    // Nobody is late for a round before the first.
    waiting_times_.round_began(event.time, waiting_times_.level_of(workers_));
  }

  void arrive(const Arrive& event, Actions& actions) override {
    if (!cancel_) waiting_times_.arrived(event.worker, event.start, event.time);
    if (event.staleness() > 0) {
      actions.drop("stale");
      actions.send(event.worker);
      return;
    }
    if (cancel_) round_times_.arrived(event.worker, event.time);
    actions.fold(0, 1 / static_cast<double>(k_));
    waiting_.push_back(event.worker);
    if (waiting_.size() >= needed()) {
      step(actions);
    } else {
      actions.park(event.worker);
    }
  }

  void stepped(const Stepped& event, Actions& actions) override {
    const auto folded = static_cast<double>(waiting_.size());
    // The aggregate of a step on fewer than K is short of the mean: each was folded with 1 / K.
    const double scale = static_cast<double>(k_) / folded;
    gain_.stepped(folded, event.norm * scale, event.dot * scale * last_scale_, event.spread,
                  factor(k_));
    last_scale_ = scale;
    const std::size_t level = waiting_times_.level_of(k_);
    if (cancel_) {
      round_times_.stepped(event.time, {});
      if (++rounds_ % remembered == 0) round_times_.forget();
      actions.cancel_all_busy();
      actions.send_all_parked();
    } else {
      waiting_times_.round_began(event.time, level);
      actions.send(waiting_);
    }
    waiting_.clear();
    if (!gain_.ready()) return;
    const std::uint64_t next = choose(level, event.time);
    const std::uint64_t before = needed();
    k_ = next;
    if (needed() != before) actions.set("k", static_cast<double>(needed()));
  }

  void went_down(const WentDown&, Actions& actions) override {
    count_up(up_ - 1, actions);
    if (!waiting_.empty() && waiting_.size() >= needed()) step(actions);
  }
  void came_up(const CameUp&, Actions& actions) override { count_up(up_ + 1, actions); }

  [[nodiscard]] nlohmann::json state() const override {
    return {{"up", up_},
            {"k", k_},
            {"waiting", waiting_},
            {"rounds", rounds_},
            {"last_scale", last_scale_},
            {"gain", gain_.state()},
            {"times", cancel_ ? round_times_.state() : waiting_times_.state()}};
  }
  void restore(const nlohmann::json& state) override {
    state.at("up").get_to(up_);
    state.at("k").get_to(k_);
    state.at("waiting").get_to(waiting_);
    state.at("rounds").get_to(rounds_);
    state.at("last_scale").get_to(last_scale_);
    gain_.restore(state.at("gain"));
    if (cancel_) {
      round_times_.restore(state.at("times"));
    } else {
      waiting_times_.restore(state.at("times"));
    }
  }

 private:
  /// Rounds after which earlier times count half, where jobs are cancelled.
  static constexpr std::uint64_t remembered = 32;

  [[nodiscard]] double factor(std::uint64_t k) const {
    return factor_ ? factor_(static_cast<double>(k)) : 1;
  }
  [[nodiscard]] std::uint64_t needed() const {
    return shrink_ ? std::clamp<std::uint64_t>(up_, 1, k_) : k_;
  }
  void count_up(std::uint32_t up, Actions& actions) {
    const std::uint64_t before = needed();
    up_ = up;
    if (needed() != before) actions.set("k", static_cast<double>(needed()));
  }
  void step(Actions& actions) const {
    actions.step(0, static_cast<double>(k_) / static_cast<double>(waiting_.size()));
  }

  /// Where no K promises a gain, noise rules: more gradients.
  [[nodiscard]] std::uint64_t choose(std::size_t level, double now) const {
    const auto times = cancel_ ? std::vector<double>() : waiting_times_.after(level);
    const auto& levels = waiting_times_.levels();
    std::uint64_t best = levels[std::min(level + 1, levels.size() - 1)];
    double best_speed = 0;
    for (std::size_t i = 0; i < (cancel_ ? levels.size() : times.size()); ++i) {
      const double time = cancel_ ? round_times_.runtime(levels[i], now) : times[i];
      const double gain = gain_.gain(static_cast<double>(levels[i]), factor(levels[i]));
      // Where more gradients cost no time, they are taken.
      if (gain <= 0 || gain / time < best_speed) continue;
      best_speed = gain / time;
      best = levels[i];
    }
    return best;
  }

  bool cancel_, shrink_;
  std::uint32_t workers_;
  std::function<double(double)> factor_;
  std::uint32_t up_;  ///< workers that are
  std::uint64_t k_ = 1;
  std::vector<WorkerId> waiting_;  ///< whose gradients are in the slot
  std::uint64_t rounds_ = 0;
  double last_scale_ = 1;  ///< of the step before
  StepGain gain_;
  WaitingTimes waiting_times_;  ///< where late jobs finish
  RoundTimes round_times_;      ///< where they are cancelled
};

}  // namespace

PolicyEntry dynamic_backup_workers_policy() {
  return {"dbw",
          "K-sync that sets K at each step, by the gain and the time that it expects of each K",
          "Xu, Neglia, Sebastianelli, arXiv 2004.14696",
          {{"window", "steps that the estimates of slope and noise are over, 2 or more", "5"},
           {"rest", "what unfinished jobs do: cancel, or finish (they run on and are dropped)",
            "finish"}},
          [](const Arguments& arguments, const PolicyContext& context) {
            const std::uint64_t window = arguments.whole("window");
            if (window < 2) arguments.refuse("window", "must be at least 2");
            const bool cancel = rest_of(arguments) == Rest::cancel;
            return std::make_unique<DynamicBackupWorkers>(window, cancel, context);
          }};
}

}  // namespace syncline
