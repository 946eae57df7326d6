#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include <nlohmann/json.hpp>

#include "policy/entries.hpp"

namespace syncline {
namespace {

/// Rounds in which each worker makes a number of attempts at a gradient, and gives one up that
/// takes longer than it usually does. For times with heavy tails, and jobs that never end.
///
/// The longest time of an attempt tracks the median of the worker's times: a success makes it
/// shorter by a tenth, one that is given up longer, so that half of them succeed. (A median of
/// successes alone would shrink without end.) How many attempts each worker gets follows from
/// those limits and from how often it keeps within them.
class MindFlayer final : public ValuePolicy<MindFlayer> {
 public:
  MindFlayer(double gradients, std::uint32_t workers) : gradients_(gradients), workers_(workers) {}

  void begin(const Begin& event, Actions& actions) override { start_round(event.time, actions); }

  void arrive(const Arrive& event, Actions& actions) override {
    Worker& worker = workers_[event.worker];
    actions.fold(0, 1 / expected_);
    ++folded_;
    worker.succeeded(event.time - event.start);
    all_.push_back(event.time - event.start);
    if (all_.size() > window) all_.erase(all_.begin());
    if (worker.timed) actions.disarm(event.worker);
    attempt_over(event.worker, event.time, actions);
    // Those who started before anything was known about times get a limit as soon as it is.
    for (WorkerId other = 0; other < workers_.size(); ++other) watch(other, event.time, actions);
  }

  void timer_fired(const TimerFired& event, Actions& actions) override {
    workers_[event.timer].was_given_up();
    actions.cancel(event.timer);
    attempt_over(event.timer, event.time, actions);
  }

  void stepped(const Stepped& event, Actions& actions) override {
    start_round(event.time, actions);
  }

  [[nodiscard]] nlohmann::json state() const override;
  void restore(const nlohmann::json& state) override;

 private:
  /// Durations of everybody that are remembered.
  static constexpr std::size_t window = 64;
  /// Durations of its own that a worker's limit needs; until then it is `patience` medians of all.
  static constexpr std::size_t enough = 3;
  static constexpr double patience = 4;
  /// By which a limit changes with each attempt.
  static constexpr double adjustment = 1.1;
  /// The weight of a new attempt in the running mean of successes.
  static constexpr double share_of_new = 1.0 / 16;

  static double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
  }

  struct Worker {
    std::vector<double> first;  ///< durations, until there are enough
    double limit = 0;           ///< 0: not known yet
    double given = 0;           ///< limit of the running attempt, if it is timed
    double chance = 1;          ///< of success, never quite 0
    std::uint64_t left = 0;     ///< attempts of this round not yet over
    bool busy = false;
    bool timed = false;  ///< has a timer
    double since = 0;    ///< start of the attempt

    void succeeded(double duration) {
      chance += share_of_new * (1 - chance);
      if (limit > 0) {
        limit /= adjustment;
        return;
      }
      first.push_back(duration);
      if (first.size() == enough) limit = median(first);
    }
    void was_given_up() {
      chance -= share_of_new * chance;
      limit = limit > 0 ? limit * adjustment : given;
    }
  };

  /// The longest time of an attempt; nothing where too little is known.
  [[nodiscard]] std::optional<double> limit(const Worker& worker) const {
    if (worker.limit > 0) return worker.limit;
    if (all_.size() < std::max(enough, workers_.size() / 2)) return std::nullopt;
    return patience * median(all_);
  }

  /// t(m) = (S + sum p_j) / sum(p_j / T_j) over the m workers with the shortest limits T; the best
  /// m work, each with ceil(t(m) / T - 1) attempts.
  void allot() {
    std::vector<double> limits(workers_.size());
    for (std::size_t i = 0; i < workers_.size(); ++i) {
      const auto known = limit(workers_[i]);
      workers_[i].left = 1;
      // Where all measured times are 0 there is nothing to divide attempts by.
      if (!known || !(*known > 0)) return one_each();
      limits[i] = *known;
    }
    std::vector<std::size_t> order(workers_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return limits[a] < limits[b]; });
    double chances = 0, rates = 0, best = INFINITY;
    for (const std::size_t i : order) {
      chances += workers_[i].chance;
      rates += workers_[i].chance / limits[i];
      best = std::min(best, (gradients_ + chances) / rates);
    }
    expected_ = 0;
    for (std::size_t i = 0; i < workers_.size(); ++i) {
      workers_[i].left = static_cast<std::uint64_t>(
          std::clamp(std::ceil(best / limits[i] - 1), 0.0, most_attempts));
      expected_ += workers_[i].chance * static_cast<double>(workers_[i].left);
    }
    if (expected_ == 0) one_each();
  }

  void one_each() {
    for (Worker& worker : workers_) worker.left = 1;
    expected_ = static_cast<double>(workers_.size());
  }

  void start_round(double time, Actions& actions) {
    folded_ = 0;
    allot();
    running_ = 0;
    for (WorkerId id = 0; id < workers_.size(); ++id) {
      if (workers_[id].left > 0) {
        ++running_;
        attempt(id, time, actions);
      } else {
        actions.park(id);
      }
    }
  }

  void attempt(WorkerId id, double time, Actions& actions) {
    Worker& worker = workers_[id];
    worker.busy = true;
    worker.since = time;
    actions.send(id);
    watch(id, time, actions);
  }

  void watch(WorkerId id, double time, Actions& actions) {
    Worker& worker = workers_[id];
    if (!worker.busy || worker.timed) return;
    const auto most = limit(worker);
    if (!most) return;
    worker.timed = true;
    worker.given = *most;
    actions.arm(id, std::max(0.0, worker.since + *most - time));
  }

  void attempt_over(WorkerId id, double time, Actions& actions) {
    Worker& worker = workers_[id];
    worker.busy = worker.timed = false;
    if (--worker.left > 0) return attempt(id, time, actions);
    if (--running_ > 0) return actions.park(id);
    if (folded_ > 0) return actions.step(0, 1);
    start_round(time, actions);
  }

  static constexpr double most_attempts = 1e6;

  double gradients_;
  std::vector<Worker> workers_;
  std::vector<double> all_;   ///< the last durations of everybody
  double expected_ = 1;       ///< gradients that this round should give
  std::uint64_t folded_ = 0;  ///< that it has given
  std::size_t running_ = 0;   ///< workers with attempts left
};

nlohmann::json MindFlayer::state() const {
  nlohmann::json workers = nlohmann::json::array();
  for (const Worker& worker : workers_) {
    workers.push_back({worker.first, worker.limit, worker.given, worker.chance, worker.left,
                       worker.busy, worker.timed, worker.since});
  }
  return {{"workers", workers},
          {"all", all_},
          {"expected", expected_},
          {"folded", folded_},
          {"running", running_}};
}

void MindFlayer::restore(const nlohmann::json& state) {
  for (std::size_t i = 0; i < workers_.size(); ++i) {
    const auto& worker = state.at("workers").at(i);
    worker.at(0).get_to(workers_[i].first);
    worker.at(1).get_to(workers_[i].limit);
    worker.at(2).get_to(workers_[i].given);
    worker.at(3).get_to(workers_[i].chance);
    worker.at(4).get_to(workers_[i].left);
    worker.at(5).get_to(workers_[i].busy);
    worker.at(6).get_to(workers_[i].timed);
    worker.at(7).get_to(workers_[i].since);
  }
  state.at("all").get_to(all_);
  state.at("expected").get_to(expected_);
  state.at("folded").get_to(folded_);
  state.at("running").get_to(running_);
}

}  // namespace

PolicyEntry mindflayer_policy() {
  return {"mindflayer",
          "rounds of attempts that are given up when they take too long: for heavy tails",
          "Maranjyan, Omar, Richtarik, arXiv 2410.04285; estimates of times ours",
          {{"gradients", "S, noise over target: sigma^2 / epsilon; more makes longer rounds", "1"}},
          [](const Arguments& arguments, const PolicyContext& context) {
            return std::make_unique<MindFlayer>(arguments.positive("gradients"), context.workers);
          }};
}

}  // namespace syncline
