#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "syncline/actions.hpp"
#include "syncline/event.hpp"
#include "syncline/registry.hpp"

namespace syncline {

/// A quantity that a policy wants to be told. The names:
///
///     train_loss   F, the mean loss over the fixed training subset
///     noise_cost   N = (F(w + p) + F(w - p)) / 2 - F(w): what the noise of one gradient costs, in
///                  units of the loss. p is the difference of the last two folded gradients (as
///                  clipped and weighted) over sqrt(2), a draw of the noise with its own
///                  covariance, times the way that one gradient moves the parameters at the step
///                  size in force (Optimizer::influence). For a quadratic F with Hessian H and
///                  plain SGD its mean is eta^2 tr(H Cov(g)) / 2, the last term of the one-step
///                  inequality (arXiv 2003.10579, proof of Theorem 3). NaN before two folds.
///     average_loss F at the mean of all versions made since this was last measured, or since the
///                  start: the noise of single updates is averaged out of it. NaN if there are
///                  none.
struct Measurement {
  std::string name;
  /// Time between measurements: at time 0, and at the first update after each multiple. 0: only
  /// when the policy asks (Actions::measure).
  double every = 0;
};

/// Scalars of vectors that a policy wants in its events. They depend on payloads and parameters, so
/// nobody can run ahead of them: computing for such a policy can't be planned as well as for
/// others.
struct Observables {
  bool loss = false;      ///< Arrive::loss
  bool norm = false;      ///< Arrive::norm
  bool distance = false;  ///< Arrive::distance
  bool step = false;      ///< Stepped::length and Stepped::norm
  bool dot = false;       ///< Stepped::dot; keeps one vector more
  bool spread = false;    ///< Stepped::spread

  [[nodiscard]] bool any() const { return loss || norm || distance || any_of_steps(); }
  [[nodiscard]] bool any_of_steps() const { return step || dot || spread; }
};

/// Which data a policy trains on where the workers' data differ.
enum class DataShares {
  by_speed,  ///< a fast worker's data count for more: the wrong optimum, if data differ
  equal      ///< every worker's data count alike in the long run
};

/// What the host must provide; declared before the run. What nobody declares is not computed.
struct Requirements {
  std::uint32_t slots = 1;  ///< sums, numbered from 0; a step empties them
  std::vector<Measurement> measurements;
  /// Numbered after the slots. A table has an entry for each worker, the mean of what was folded
  /// into it or the last payload put; a step takes the mean of the filled entries and keeps them.
  /// Memory: workers x dimension.
  std::uint32_t tables = 0;
  Observables observables;
  /// The fewest payloads in a step, and whether they are of different workers: what a robust
  /// aggregator can rely on.
  std::uint64_t payloads_per_step = 1;
  bool distinct_workers = false;
  DataShares data_shares = DataShares::by_speed;
  // Other parts without which the policy is not what it is; empty: the user's choice.
  std::string transform;  ///< "clip(norm=1)"
  std::string optimizer;  ///< "normalised"
  /// What a job computes: "gradient", or a program of local steps, whose payload is a displacement
  /// that steps subtract as it is: the step size is then that of the workers.
  std::string program = "gradient";
};

/// When to step, with which gradients and weights, whom to cancel, restart or park: a pure state
/// machine. It sees events and answers with actions; it does no I/O, holds no vector, reads no
/// clock, owns no thread, and the same events give the same actions. A value: clone() continues
/// alike, state() tells everything. Not thread-safe; used by one host at a time.
///
/// docs/policies.md shows how to write one.
class Policy {
 public:
  virtual ~Policy() = default;

  [[nodiscard]] virtual std::unique_ptr<Policy> clone() const = 0;
  [[nodiscard]] virtual Requirements requirements() const { return {}; }

  virtual void begin(const Begin& event, Actions& actions) = 0;
  virtual void arrive(const Arrive& event, Actions& actions) = 0;
  virtual void stepped(const Stepped&, Actions&) {}
  virtual void measured(const Measured&, Actions&) {}
  virtual void timer_fired(const TimerFired&, Actions&) {}
  virtual void progressed(const Progressed&, Actions&) {}
  virtual void went_down(const WentDown&, Actions&) {}
  virtual void came_up(const CameUp&, Actions&) {}

  /// The complete state, for checkpoints and comparison; restore(state()) changes nothing.
  [[nodiscard]] virtual nlohmann::json state() const = 0;
  virtual void restore(const nlohmann::json& state) = 0;
};

/// What a policy factory may ask about the fleet that the policy is for.
struct PolicyContext {
  std::uint32_t workers = 1;
  /// Mean runtime per update, E[T(K)], of a K-variant on this fleet for K = 1..k_max, by
  /// simulation. Only called by policies that plan with it; may be empty where no fleet is known.
  std::function<std::vector<double>(const std::string& variant, std::uint64_t k_max)> runtimes;
  /// What to do where fewer workers are up than a step needs: true, step with those that are;
  /// false, wait for the others.
  bool shrink = false;
  /// Whether the workers' data differ, so that all must count alike.
  bool unlike_data = false;
  /// The step size at K over the configured one (`--scaling`); empty where it doesn't depend on K.
  std::function<double(double k)> step_size_factor = nullptr;
};

using PolicyFactory =
    std::function<std::unique_ptr<Policy>(const Arguments&, const PolicyContext&)>;

/// All policies by name.
[[nodiscard]] const Registry<PolicyFactory>& policies();

/// Makes a policy from `k-async(k=4)`. Throws ConfigError: unknown name or parameter, K = 0,
/// K > workers where that would wait for ever, ...
[[nodiscard]] std::unique_ptr<Policy> make_policy(std::string_view text,
                                                  const PolicyContext& context);

}  // namespace syncline
