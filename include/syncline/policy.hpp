#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "syncline/registry.hpp"

namespace syncline {

using WorkerId = std::uint32_t;  ///< 0 .. workers-1
using Version = std::uint64_t;   ///< how many steps the server has taken
using Slot = std::uint32_t;      ///< a named accumulator of payloads at the server

// Events: what a policy sees. All times are virtual or real time as a number.

/// The run starts. All workers are parked at version 0.
struct Begin {
  double time = 0;
  std::uint32_t workers = 0;
};

/// A worker has pushed the payload of a job; it must be consumed (Fold or Drop) in answer.
struct Arrive {
  double time = 0;
  WorkerId worker = 0;
  std::uint64_t job = 0;  ///< the worker's own count of jobs, from 0
  Version read = 0;       ///< the version that the job was computed at
  Version version = 0;    ///< the server's version now; version - read is the staleness
};

/// A step has been taken: the update instant, the only one at which K may change.
struct Stepped {
  double time = 0;
  Version version = 0;  ///< after the step
};

/// A declared measurement is ready; delivered at time 0 and then at update instants, or after the
/// event whose answer asked for it.
struct Measured {
  double time = 0;
  std::string_view name;
  double value = 0;
};

/// An armed timer has run out.
struct TimerFired {
  double time = 0;
  std::uint32_t timer = 0;
};

/// One thing that the host is to do. Made through Actions.
struct Action {
  enum class Kind : std::uint8_t {
    fold,    ///< add weight * payload to the slot; consumes the payload
    drop,    ///< discard the payload, with a reason; consumes it
    step,    ///< hand the slot's aggregate, scaled, to the optimizer: version + 1; empties the slot
    clear,   ///< empty a slot; what it held counts as dropped
    send,    ///< start a job at the current version
    cancel,  ///< end the job; its payload is never delivered
    park,    ///< leave the worker idle on purpose
    arm,     ///< start a timer
    disarm,  ///< stop a timer
    measure,  ///< ask for a declared measurement; it is delivered right after this event
    set,      ///< publish an adaptive quantity
    finish    ///< end the run
  };
  Kind kind = Kind::finish;
  bool everyone = false;    ///< send: all parked workers; cancel: all busy ones
  std::uint32_t index = 0;  ///< slot, timer, or first entry in workers(), measurement
  std::uint32_t count = 0;  ///< number of workers
  double number = 0;        ///< weight, scale, delay or value
  const char* text = "";    ///< reason or name; a string literal
};

/// The answer to one event: actions in the order in which the host executes them.
/// Reused from event to event, so that answering allocates nothing.
class Actions {
 public:
  void fold(Slot slot, double weight) { add(Action::Kind::fold, slot, weight); }
  void drop(const char* reason) { add(Action::Kind::drop, 0, 0, reason); }
  void step(Slot slot, double scale) { add(Action::Kind::step, slot, scale); }
  void clear(Slot slot) { add(Action::Kind::clear, slot); }
  void send(WorkerId worker) { add_workers(Action::Kind::send, &worker, 1); }
  void send(const std::vector<WorkerId>& workers) {
    add_workers(Action::Kind::send, workers.data(), workers.size());
  }
  void send_all_parked() { add(Action::Kind::send), list_.back().everyone = true; }
  void cancel(WorkerId worker) { add_workers(Action::Kind::cancel, &worker, 1); }
  void cancel_all_busy() { add(Action::Kind::cancel), list_.back().everyone = true; }
  void park(WorkerId worker) { add_workers(Action::Kind::park, &worker, 1); }
  void arm(std::uint32_t timer, double after) { add(Action::Kind::arm, timer, after); }
  void disarm(std::uint32_t timer) { add(Action::Kind::disarm, timer); }
  /// `measurement`: its place in Requirements::measurements.
  void measure(std::uint32_t measurement) { add(Action::Kind::measure, measurement); }
  void set(const char* name, double value) { add(Action::Kind::set, 0, value, name); }
  void finish() { add(Action::Kind::finish); }

  void reset() {
    list_.clear();
    workers_.clear();
  }
  [[nodiscard]] const std::vector<Action>& list() const { return list_; }
  [[nodiscard]] const std::vector<WorkerId>& workers() const { return workers_; }

 private:
  void add(Action::Kind kind, std::uint32_t index = 0, double number = 0, const char* text = "") {
    list_.push_back({kind, false, index, 0, number, text});
  }
  void add_workers(Action::Kind kind, const WorkerId* workers, std::size_t count) {
    list_.push_back({kind, false, static_cast<std::uint32_t>(workers_.size()),
                     static_cast<std::uint32_t>(count), 0, ""});
    workers_.insert(workers_.end(), workers, workers + count);
  }

  std::vector<Action> list_;
  std::vector<WorkerId> workers_;
};

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

/// What the host must provide; declared before the run. What nobody declares is not computed.
struct Requirements {
  std::uint32_t slots = 1;
  std::vector<Measurement> measurements;
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
  virtual void stepped(const Stepped& event, Actions& actions) = 0;
  virtual void measured(const Measured&, Actions&) {}
  virtual void timer_fired(const TimerFired&, Actions&) {}

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
