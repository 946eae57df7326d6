#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include <nlohmann/json.hpp>

#include "policy/entries.hpp"

namespace syncline {
namespace {

/// Steps on every B gradients of the present version, from anyone; nobody is interrupted, and what
/// was read before is dropped. B may be fixed, or follow the delays, counted as in the paper: in
/// gradients that arrive while one is computed.
///
/// Of the gradients of delay tau or less, an update makes at most tau too old. If those are a share
/// q of the T that arrive, N updates use N B >= q T - N tau, so N >= q T / (B + tau): with B = tau
/// that is q T / (2 tau), the paper's order of updates. As everybody always computes, delays don't
/// depend on B, so all that have been seen say which tau / q is the least.
class AsynchronousMinibatch final : public ValuePolicy<AsynchronousMinibatch> {
 public:
  /// `batch` 0: B follows the delays.
  AsynchronousMinibatch(std::uint64_t batch, std::uint32_t workers)
      : adaptive_(batch == 0), batch_(std::max<std::uint64_t>(batch, 1)), began_(workers, 0) {}

  [[nodiscard]] Requirements requirements() const override {
    Requirements requirements;
    requirements.payloads_per_step = adaptive_ ? 1 : batch_;
    return requirements;
  }
  void begin(const Begin&, Actions& actions) override {
    actions.set("k", static_cast<double>(batch_));
    actions.send_all_parked();
  }

  void arrive(const Arrive& event, Actions& actions) override {
    const std::uint64_t delay = arrivals_++ - began_[event.worker];
    ++delays_[place(delay)];
    if (event.staleness() > 0) {
      actions.drop("stale");
    } else {
      actions.fold(0, 1 / static_cast<double>(batch_));
      if (++folded_ == batch_) actions.step(0, 1);
    }
    actions.send(event.worker);
    began_[event.worker] = arrivals_;
  }

  void stepped(const Stepped&, Actions& actions) override {
    folded_ = 0;
    if (!adaptive_) return;
    const std::uint64_t next = least_delay_over_share();
    if (next == batch_) return;
    batch_ = next;
    actions.set("k", static_cast<double>(batch_));
  }

  /// The job that it had is lost; the present one has just begun.
  void came_up(const CameUp& event, Actions&) override { began_[event.worker] = arrivals_; }

  [[nodiscard]] nlohmann::json state() const override {
    return {{"batch", batch_},
            {"folded", folded_},
            {"arrivals", arrivals_},
            {"began", began_},
            {"delays", delays_}};
  }
  void restore(const nlohmann::json& state) override {
    state.at("batch").get_to(batch_);
    state.at("folded").get_to(folded_);
    state.at("arrivals").get_to(arrivals_);
    state.at("began").get_to(began_);
    state.at("delays").get_to(delays_);
  }

 private:
  /// The least i with delay <= 2^i.
  static std::size_t place(std::uint64_t delay) {
    return delay <= 1 ? 0 : static_cast<std::size_t>(std::bit_width(delay - 1));
  }

  /// The power of two B that minimises B over the share of delays up to B.
  [[nodiscard]] std::uint64_t least_delay_over_share() const {
    std::uint64_t best = 1;
    double least = INFINITY;
    std::uint64_t within = 0;
    for (std::size_t i = 0; i < delays_.size() && within < arrivals_; ++i) {
      within += delays_[i];
      if (within == 0) continue;
      const std::uint64_t batch = std::uint64_t{1} << i;
      const double cost = static_cast<double>(batch) / static_cast<double>(within);
      if (cost >= least) continue;
      least = cost;
      best = batch;
    }
    return best;
  }

  bool adaptive_;
  std::uint64_t batch_;
  std::uint64_t folded_ = 0;
  std::uint64_t arrivals_ = 0;
  std::vector<std::uint64_t> began_;           ///< by worker: arrivals when its job began
  std::array<std::uint64_t, 40> delays_ = {};  ///< how many are above 2^(i-1) and up to 2^i
};

}  // namespace

PolicyEntry asynchronous_minibatch_policy() {
  return {
      "async-minibatch",
      "steps on B gradients of the present version from anyone; B follows the delays",
      "Attia, Gaash, Koren, arXiv 2408.07503",
      {{"batch", "B; 0: the power of two up to which delays are the least over their share", "0"}},
      [](const Arguments& arguments, const PolicyContext& context) {
        return std::make_unique<AsynchronousMinibatch>(arguments.whole("batch"), context.workers);
      }};
}

}  // namespace syncline
