#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include <nlohmann/json_fwd.hpp>

#include "policy/k_variants/k_schedule.hpp"
#include "policy/k_variants/update_times.hpp"

namespace syncline {

/// The rule of `horizon`. At a fixed step size the loss is made of two parts: what training has not
/// learnt yet, which falls by p with every update, whatever K is, and the floor e / K that the
/// noise of K gradients keeps it above that. A K that is kept for a time H changes the loss by
///
///     J(K) = -p H / T(K) + e / K
///
/// beside what no K changes. AdaSync's bound (arXiv 2003.10579) weighs the same two, the progress
/// of a stretch of time and a floor that falls as 1/K. Here both are measured, and the stretch is
/// the time that has passed: what is best for as long again. With a step size of f(K) times the
/// configured one, p and e are f(K) times those at 1.
namespace horizon_rule {

struct Estimate {
  double progress = 0;  ///< p, loss per update
  double floor = 0;     ///< e, loss at K = 1
};

/// J(K); `runtime` is T(K), `f` the step size factor.
[[nodiscard]] double expected_change(const Estimate& estimate, double horizon, double runtime,
                                     double k, double f);

}  // namespace horizon_rule

/// Chooses K from the progress and the noise floor that it measures, and the durations of updates.
/// Needs no constants of the model, the fleet or the unit of time.
class HorizonK final : public KSchedule {
 public:
  struct Settings {
    std::uint32_t workers = 1;
    double horizon = 1;  ///< H over the time that has passed
    std::uint64_t k_min = 1;
    std::uint64_t k_max = 1;
    std::function<double(double k)> step_size_factor;  ///< f(K); empty: 1
  };

  HorizonK(Settings settings, std::unique_ptr<UpdateTimes> times)
      : settings_(std::move(settings)), times_(std::move(times)) {}
  HorizonK(const HorizonK& other);

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
  void learn(double average_loss, double k, double way);
  std::uint64_t choose(std::uint64_t current, double now, Actions& actions) const;
  [[nodiscard]] double factor(double k) const;

  Settings settings_;
  std::unique_ptr<UpdateTimes> times_;
  std::uint64_t barred_ = 0;         ///< no K up to this one is tried ...
  double barred_until_ = 0;          ///< ... before this time
  horizon_rule::Estimate estimate_;  ///< at the configured step size, forgetting
  std::uint64_t windows_ = 0;        ///< that have ended
  double loss_ = 0;                  ///< the last measured, at the end of a window
  double average_loss_ = 0;          ///< of the window before
  double way_before_ = 0;            ///< updates in the window before, times their f(K)
  std::uint64_t updates_ = 0;        ///< in this window
  std::uint64_t earlier_ = 0;        ///< updates in all windows before
};

}  // namespace syncline
