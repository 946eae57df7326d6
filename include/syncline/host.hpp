#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "syncline/error.hpp"
#include "syncline/large_page_allocator.hpp"
#include "syncline/policy.hpp"

namespace syncline {

/// One job: one worker computing one payload.
struct Job {
  WorkerId worker = 0;
  bool restart = false;   ///< replaces a job of this worker that was cancelled
  std::uint64_t job = 0;  ///< the worker's own count, from 0; cancelled jobs count
  Version read = 0;       ///< version that it computes at
  double start = 0;
  Work work = {};
  /// The worker's own number of the first gradient that the job computes; cancelled ones count. All
  /// that is random about a gradient (time, mini-batch, model) is a function of its number, so the
  /// same gradient costs the same under every policy. For jobs of one gradient it is `job`.
  std::uint64_t gradient = 0;
};

/// Where all payloads are. started = computed + cancelled + lost + in_flight and
/// computed = applied + dropped + held hold at all times.
struct Account {
  std::uint64_t started = 0;
  std::uint64_t computed = 0;   ///< delivered to the server
  std::uint64_t applied = 0;    ///< part of a step
  std::uint64_t dropped = 0;    ///< discarded by the policy
  std::uint64_t held = 0;       ///< folded, waiting for the step
  std::uint64_t cancelled = 0;  ///< ended before delivery
  std::uint64_t in_flight = 0;
  std::uint64_t lost = 0;  ///< went down with their workers
};

/// Told of everything that the host does, in order. All methods do nothing by default.
class HostObserver {
 public:
  virtual ~HostObserver() = default;
  virtual void started(const Job&) {}
  virtual void cancelled(const Job&, double /*time*/) {}
  /// The job's work is now what it has done, if the fleet knows that already.
  virtual void stopped(const Job&, double /*time*/) {}
  /// With its worker, which is about to go down. To whoever makes no difference, a cancelled one.
  virtual void lost(const Job& job, double time) { cancelled(job, time); }
  virtual void arrived(const Job&, double /*time*/) {}
  virtual void folded(const Job&, double /*time*/, Slot, double /*weight*/) {}
  /// Into a table, in place of the worker's entry.
  virtual void put(const Job&, double /*time*/, Slot) {}
  virtual void dropped(const Job&, double /*time*/, const char* /*reason*/) {}
  virtual void cleared(Slot) {}
  virtual void swapped(Slot, Slot) {}
  virtual void merged(Slot /*from*/, Slot /*into*/, double /*weight*/) {}
  /// `version` is the one that the step makes.
  virtual void stepped(Slot, double /*scale*/, Version /*version*/, double /*time*/) {}
  virtual void parked(WorkerId, double /*time*/) {}
  virtual void resumed(WorkerId, double /*time*/) {}
  virtual void went_down(WorkerId, double /*time*/) {}
  virtual void came_up(WorkerId, double /*time*/) {}
  virtual void noted(const std::string& /*text*/, double /*time*/) {}
  virtual void published(const char* /*name*/, double /*value*/, double /*time*/) {}
  /// An event with all its consequences is done.
  virtual void settled(double /*time*/) {}
};

/// What the host asks of whatever makes time pass.
class FleetClock {
 public:
  virtual ~FleetClock() = default;
  virtual void expect(std::size_t jobs) = 0;  ///< so many calls of schedule() follow
  virtual void schedule(const Job& job) = 0;
  virtual void unschedule(WorkerId worker) = 0;
  /// Ends a job early: what it has done arrives. Returns the steps done, if known by now; else
  /// Host::arrive says it.
  virtual std::optional<std::uint32_t> stop(const Job& job) = 0;
  virtual void unschedule_everyone() = 0;
  virtual void arm(std::uint32_t timer, double at) = 0;  ///< `at`: absolute time
  virtual void disarm(std::uint32_t timer) = 0;
};

/// Where the host gets the scalars of vectors that a policy has declared (Observables). Each call
/// fills in those of the event that were declared.
class ScalarSource {
 public:
  virtual ~ScalarSource() = default;
  virtual void describe(const Job& job, Arrive& event) = 0;
  virtual void describe(Stepped& event) = 0;
};

/// A law of the host was broken: a bug of the policy (or of ours), never of the user.
/// The message names the law, the policy and the event.
class LawViolation : public InternalError {
 public:
  LawViolation(int law, const std::string& message) : InternalError(message), law_(law) {}
  [[nodiscard]] int law() const { return law_; }

 private:
  int law_;
};

/// Runs a policy: keeps the workers' states, versions, slots and the account, executes actions and
/// enforces the laws (docs/concepts.md, "Laws of the host"). Holds no vector and reads no clock.
/// A value: a copy continues alike, without the observers. Not thread-safe.
class Host {
 public:
  Host(std::unique_ptr<Policy> policy, std::string policy_text, std::uint32_t workers);
  Host(const Host& other);
  Host(Host&&) = default;

  /// Observers are called in the order of their addition and must outlive the host's use.
  void add_observer(HostObserver* observer) { observers_.push_back(observer); }
  /// Needed by policies with observables; must outlive the host's use. A copy has none.
  void set_scalar_source(ScalarSource* source) { scalars_ = source; }

  // The events. Each runs the policy, executes its answer and checks the laws (LawViolation).
  /// `absent`: workers that are not there yet; they come up later.
  void begin(double time, FleetClock& clock, const std::vector<WorkerId>& absent = {});
  void arrive(double time, WorkerId worker, FleetClock& clock);
  /// The same for a job that was stopped, by a fleet that did not know then how much was done.
  void arrive(double time, WorkerId worker, std::uint32_t steps, FleetClock& clock);
  void progressed(double time, WorkerId worker, FleetClock& clock);
  void worker_down(double time, WorkerId worker, FleetClock& clock);
  void worker_up(double time, WorkerId worker, FleetClock& clock);
  void timer_fired(double time, std::uint32_t timer, FleetClock& clock);
  void measured(double time, double value, FleetClock& clock);

  /// The measurement that must be delivered by measured() before the next event; null if none.
  [[nodiscard]] const Measurement* due_measurement() const;

  [[nodiscard]] bool finished() const { return finished_; }
  [[nodiscard]] Version version() const { return version_; }
  [[nodiscard]] const Account& account() const { return account_; }
  [[nodiscard]] std::uint32_t workers() const { return static_cast<std::uint32_t>(table_.size()); }
  /// Whether it computes: neither parked nor down.
  [[nodiscard]] bool busy(WorkerId worker) const { return table_[worker].computes(); }
  [[nodiscard]] bool down(WorkerId worker) const { return table_[worker].down; }
  /// The workers that are down and that the policy counts on, while nobody computes.
  [[nodiscard]] std::vector<WorkerId> waits_for() const;
  [[nodiscard]] const Job& job(WorkerId worker) const { return table_[worker].job; }
  [[nodiscard]] const Policy& policy() const { return *policy_; }
  [[nodiscard]] const std::string& policy_text() const { return policy_text_; }

  [[nodiscard]] nlohmann::json state() const;
  void restore(const nlohmann::json& state);

 private:
  /// A step may follow from a step, but not without end.
  static constexpr std::size_t deepest_answer = 8;

  /// What the policy knows. A worker that is down is parked or busy all the same: being down is
  /// like taking very long.
  enum class State : std::uint8_t {
    parked,
    busy,
    free  ///< only within an event: the policy must still say what the worker does next
  };
  struct Worker {
    Job job;  ///< the current or last one; before the first, job.job is the number to come
    State state = State::free;
    bool was_cancelled = false;
    bool has_run = false;
    bool down = false;
    Work wanted;              ///< what the policy has it do now or, if down, once it is back
    std::uint32_t begun = 0;  ///< gradients of the job that were begun, if it was stopped

    [[nodiscard]] bool computes() const { return state == State::busy && !down; }
  };

  /// What a slot or table holds, as far as the account goes.
  struct Held {
    std::uint64_t waiting = 0;  ///< payloads that no step has used
    // Of a table only: for each worker, whether it has an entry, and the payloads waiting in it.
    std::vector<std::uint8_t> filled;
    std::vector<std::uint32_t> entries;
    std::vector<WorkerId> fresh;  ///< whose entries are not 0

    [[nodiscard]] bool is_table() const { return !filled.empty(); }
    [[nodiscard]] bool empty() const;
    void forget_entries();
  };

  /// Executes the policy's answer to an event that came at version `before`, and checks the laws.
  void conclude(Version before, FleetClock& clock);
  void answer(FleetClock& clock);
  void execute(const Action& action, const Actions& actions, FleetClock& clock);
  void send(WorkerId worker, const Work& work, FleetClock& clock);
  void start(Worker& entry, FleetClock& clock);
  void stop(WorkerId worker, FleetClock& clock);
  void shorten(Worker& entry, std::uint32_t steps);
  void send_everyone(const Work& work, FleetClock& clock);
  void cancel(WorkerId worker, FleetClock& clock);
  void cancel_everyone(FleetClock& clock);
  void release(Worker& entry);
  void park(WorkerId worker);
  Held& consume_into(Slot slot, const char* verb);
  void fold(Slot slot, double weight);
  void put(Slot table);
  void drop(const char* reason);
  void step(Slot slot, double scale, FleetClock& clock);
  void clear(Slot slot);
  void swap(Slot a, Slot b);
  void merge(Slot from, Slot into, double weight);
  void schedule_measurements();
  void settle();
  [[noreturn]] void broken(int law, const std::string& what) const;
  [[nodiscard]] std::string event_text() const;

  std::unique_ptr<Policy> policy_;
  std::string policy_text_;
  Requirements requirements_;
  std::vector<HostObserver*> observers_;
  ScalarSource* scalars_ = nullptr;

  std::vector<Worker, LargePageAllocator<Worker>> table_;
  Version version_ = 0;
  Account account_;
  std::vector<Held> held_;                ///< in each slot, then in each table
  std::vector<double> next_measurement_;  ///< time from which the next one is due
  std::vector<std::size_t> due_;          ///< indices into requirements_.measurements
  std::vector<std::uint32_t> armed_;      ///< timers that are running
  std::size_t free_ = 0;                  ///< workers in State::free
  std::size_t missed_ = 0;                ///< workers in State::busy that are down
  bool finished_ = false;

  // The event being handled.
  const char* event_ = "Begin";
  double now_ = 0;
  WorkerId pusher_ = 0;
  bool payload_open_ = false;  ///< arrived and not yet consumed
  std::size_t depth_ = 0;      ///< Stepped events inside an answer
  std::vector<Actions> answers_;
};

}  // namespace syncline
