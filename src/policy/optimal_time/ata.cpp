#include <algorithm>
#include <cmath>
#include <numbers>

#include <nlohmann/json.hpp>

#include "policy/entries.hpp"

namespace syncline {
namespace {

/// Rounds of B gradients at one version, allotted to the workers so that all end together as far as
/// their mean times are known: little work is lost, and slow workers idle. Which worker is how fast
/// is a bandit problem; a worker's time is scored by a lower confidence bound.
class Ata final : public ValuePolicy<Ata> {
 public:
  Ata(std::uint64_t batch, std::uint32_t workers) : batch_(batch), workers_(workers) {}

  [[nodiscard]] Requirements requirements() const override {
    Requirements requirements;
    requirements.payloads_per_step = batch_;
    return requirements;
  }
  void begin(const Begin&, Actions& actions) override { start_round(actions); }

  void arrive(const Arrive& event, Actions& actions) override {
    Worker& worker = workers_[event.worker];
    ++worker.gradients;
    worker.mean += (event.time - event.start - worker.mean) / static_cast<double>(worker.gradients);
    actions.fold(0, 1 / static_cast<double>(batch_));
    --worker.left;
    if (--left_ == 0) {
      actions.step(0, 1);
    } else if (worker.left > 0) {
      actions.send(event.worker);
    } else {
      actions.park(event.worker);
    }
  }
  void stepped(const Stepped&, Actions& actions) override { start_round(actions); }

  [[nodiscard]] nlohmann::json state() const override {
    nlohmann::json workers = nlohmann::json::array();
    for (const Worker& worker : workers_) {
      workers.push_back({worker.gradients, worker.mean, worker.left});
    }
    return {{"workers", workers}, {"round", round_}, {"left", left_}};
  }
  void restore(const nlohmann::json& state) override {
    for (std::size_t i = 0; i < workers_.size(); ++i) {
      state.at("workers").at(i).at(0).get_to(workers_[i].gradients);
      state.at("workers").at(i).at(1).get_to(workers_[i].mean);
      state.at("workers").at(i).at(2).get_to(workers_[i].left);
    }
    state.at("round").get_to(round_);
    state.at("left").get_to(left_);
  }

 private:
  struct Worker {
    std::uint64_t gradients = 0;  ///< so far
    double mean = 0;              ///< of their times
    std::uint64_t left = 0;       ///< of this round's allotment
  };

  /// mean - 4 e alpha (sqrt(x) + x), x = ln(2 k^2) / gradients in round k, alpha = 2 mean; not
  /// below 0, where all are equally promising. A worker that was never asked comes first of all.
  [[nodiscard]] double score(const Worker& worker) const {
    if (worker.gradients == 0) return -1;
    const auto k = static_cast<double>(round_);
    const double x = std::log(2 * k * k) / static_cast<double>(worker.gradients);
    const double margin = 4 * std::numbers::e * 2 * worker.mean * (std::sqrt(x) + x);
    return std::max(0.0, worker.mean - margin);
  }

  /// Unit by unit to the worker whose score times its units would be least; of equals, to the one
  /// with the fewest units.
  void allot() {
    std::vector<double> scores;
    for (Worker& worker : workers_) {
      scores.push_back(score(worker));
      worker.left = 0;
    }
    const auto load = [&](std::size_t i) {
      const auto units = static_cast<double>(workers_[i].left);
      // Whoever was never asked gets one unit before all others, and no second one.
      if (scores[i] < 0) return workers_[i].left == 0 ? -1.0 : INFINITY;
      return scores[i] * (units + 1);
    };
    for (std::uint64_t unit = 0; unit < batch_; ++unit) {
      std::size_t best = 0;
      for (std::size_t i = 1; i < workers_.size(); ++i) {
        const bool less = load(i) < load(best);
        const bool tied = load(i) == load(best) && workers_[i].left < workers_[best].left;
        if (less || tied) best = i;
      }
      ++workers_[best].left;
    }
  }

  void start_round(Actions& actions) {
    ++round_;
    left_ = batch_;
    allot();
    for (WorkerId id = 0; id < workers_.size(); ++id) {
      if (workers_[id].left > 0) {
        actions.send(id);
      } else {
        actions.park(id);
      }
    }
  }

  std::uint64_t batch_;
  std::vector<Worker> workers_;
  std::uint64_t round_ = 0;
  std::uint64_t left_ = 0;  ///< gradients that the round waits for
};

}  // namespace

PolicyEntry ata_policy() {
  return {"ata",
          "rounds of gradients at one version, allotted by learnt speed: little work is lost",
          "Maranjyan, Saad, Richtarik, Orabona, arXiv 2502.00775, empirical form",
          {{"batch", "gradients in a round", std::nullopt}},
          [](const Arguments& arguments, const PolicyContext& context) {
            return std::make_unique<Ata>(arguments.at_least_one("batch"), context.workers);
          }};
}

}  // namespace syncline
