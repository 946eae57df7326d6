#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "policy/k_variants/k_schedule.hpp"
#include "policy/k_variants/update_times.hpp"

namespace syncline {

/// The rule of `auto`. At a fixed step size an update with K gradients lowers the loss by
///
///     D(K) = G - N / K
///
/// where N is what the noise of one gradient costs and G what the update would gain without noise
/// (the one-step inequality in the proof of Theorem 3, arXiv 2003.10579; docs/auto.md). The K that
/// lowers the loss fastest maximises D(K) / T(K). With a step size that is f(K) times the
/// configured one, D(K) = f G - f^2 N / K.
namespace auto_rule {

struct Estimate {
  double gain = 0;   ///< G, loss per update
  double noise = 0;  ///< N, loss per update at K = 1
};

/// D(K) at a step size factor of f.
[[nodiscard]] double fall(const Estimate& estimate, double k, double f);

/// The K that are compared when `current` is in use: half to twice of it, within the bounds. All of
/// them where they are few, else a ladder with rungs 9 % apart. Ascending, with `current`.
[[nodiscard]] std::vector<std::uint64_t> candidates(std::uint64_t current, std::uint64_t k_min,
                                                    std::uint64_t k_max);

}  // namespace auto_rule

/// Chooses K from what it measures: the fall of the training loss, the cost of gradient noise and
/// the durations of updates. Needs no constants of the model, the fleet or the unit of time.
class AutoK final : public KSchedule {
 public:
  struct Settings {
    std::uint32_t workers = 1;
    /// Gradients of each worker between two decisions, on average. The first ones come sooner.
    std::uint64_t interval = 1;
    std::uint64_t k_min = 1;
    std::uint64_t k_max = 1;
    std::function<double(double k)> step_size_factor;  ///< f(K); empty: 1
  };

  AutoK(Settings settings, std::unique_ptr<UpdateTimes> times)
      : settings_(std::move(settings)), times_(std::move(times)) {}
  AutoK(const AutoK& other);

  [[nodiscard]] std::unique_ptr<KSchedule> clone() const override;
  [[nodiscard]] std::vector<Measurement> measurements() const override;
  [[nodiscard]] std::uint64_t least_k() const override { return settings_.k_min; }
  void began(const Begin& event, Actions& actions) override;
  void arrived(const Arrive& event) override;
  void stepped(const Stepped& event, std::uint64_t k, const std::vector<WorkerId>& restarted,
               Actions& actions) override;
  std::uint64_t next(const Measured& event, std::uint64_t current, Actions& actions) override;
  [[nodiscard]] nlohmann::json state() const override;
  void restore(const nlohmann::json& state) override;

 private:
  void learn(double loss_fall, double noise, std::uint64_t k, double updates);
  std::uint64_t choose(std::uint64_t current, double now, Actions& actions) const;
  [[nodiscard]] double factor(std::uint64_t k) const;
  [[nodiscard]] bool window_over() const;

  Settings settings_;
  std::unique_ptr<UpdateTimes> times_;
  auto_rule::Estimate estimate_;  ///< at the configured step size, forgetting
  std::uint64_t windows_ = 0;     ///< learnt from so far
  double loss_before_ = 0;        ///< at the beginning of this window
  double loss_ = 0;               ///< the last measured
  std::uint64_t updates_ = 0;     ///< in this window
  std::uint64_t gradients_ = 0;   ///< in this window
  std::uint64_t earlier_ = 0;     ///< gradients in all windows before
};

}  // namespace syncline
