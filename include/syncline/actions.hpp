#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "syncline/event.hpp"

namespace syncline {

/// How much a worker does in one job.
struct Work {
  std::uint32_t steps = 1;      ///< local steps of its program
  std::uint32_t gradients = 1;  ///< gradients that they take to compute: what the job costs in time
  std::uint32_t report = 0;     ///< Progressed once so many steps are done; 0: never
};

/// One thing that the host is to do. Made through Actions.
struct Action {
  enum class Kind : std::uint8_t {
    fold,    ///< add weight * payload to the slot; consumes the payload
    put,     ///< replace the worker's entry of a table by the payload; consumes it
    drop,    ///< discard the payload, with a reason; consumes it
    step,    ///< hand the slot's aggregate, scaled, to the optimizer: version + 1; empties the slot
    clear,   ///< empty a slot; what it held counts as dropped
    swap,    ///< exchange the contents of two tables
    merge,   ///< add the aggregate of a slot to another, as one payload; empties the slot
    send,    ///< start a job at the current version
    cancel,  ///< end the job; its payload is never delivered
    stop,    ///< end the job early: the payload of the steps done by now is pushed
    park,    ///< leave the worker idle on purpose
    arm,     ///< start a timer
    disarm,  ///< stop a timer
    measure,  ///< ask for a declared measurement; it is delivered right after this event
    set,      ///< publish an adaptive quantity
    note,     ///< say why, in words, to whoever reads the log
    finish    ///< end the run
  };
  Kind kind = Kind::finish;
  bool everyone = false;    ///< send: all parked workers; cancel: all busy ones
  std::uint32_t index = 0;  ///< slot, timer, measurement, note, or first entry in workers()
  std::uint32_t count = 0;  ///< number of workers; swap, merge: the other table or slot
  double number = 0;        ///< weight, scale, delay or value
  const char* text = "";    ///< reason or name; a string literal
  Work work = {};           ///< of the jobs that are sent
};

/// The answer to one event: actions in the order in which the host executes them.
/// Reused from event to event, so that answering allocates nothing.
class Actions {
 public:
  void fold(Slot slot, double weight) { add(Action::Kind::fold, slot, weight); }
  void put(Slot table) { add(Action::Kind::put, table); }
  void drop(const char* reason) { add(Action::Kind::drop, 0, 0, reason); }
  void step(Slot slot, double scale) { add(Action::Kind::step, slot, scale); }
  void clear(Slot slot) { add(Action::Kind::clear, slot); }
  void swap(Slot a, Slot b) { add(Action::Kind::swap, a), list_.back().count = b; }
  /// For payloads whose weights depend on what comes later: each waits in a slot of its own.
  void merge(Slot from, Slot into, double weight) {
    add(Action::Kind::merge, from, weight), list_.back().count = into;
  }
  void send(WorkerId worker, Work work = {}) {
    add_workers(Action::Kind::send, &worker, 1), list_.back().work = work;
  }
  void send(const std::vector<WorkerId>& workers, Work work = {}) {
    add_workers(Action::Kind::send, workers.data(), workers.size()), list_.back().work = work;
  }
  void send_all_parked(Work work = {}) {
    add(Action::Kind::send), list_.back().everyone = true, list_.back().work = work;
  }
  void cancel(WorkerId worker) { add_workers(Action::Kind::cancel, &worker, 1); }
  void cancel_all_busy() { add(Action::Kind::cancel), list_.back().everyone = true; }
  /// A busy worker. It stays busy until its payload is here: that of the steps done by now, perhaps
  /// none (Arrive::steps), which must then be dropped.
  void stop(WorkerId worker) { add_workers(Action::Kind::stop, &worker, 1); }
  void park(WorkerId worker) { add_workers(Action::Kind::park, &worker, 1); }
  void arm(std::uint32_t timer, double after) { add(Action::Kind::arm, timer, after); }
  void disarm(std::uint32_t timer) { add(Action::Kind::disarm, timer); }
  /// `measurement`: its place in Requirements::measurements.
  void measure(std::uint32_t measurement) { add(Action::Kind::measure, measurement); }
  void set(const char* name, double value) { add(Action::Kind::set, 0, value, name); }
  void note(std::string text) {
    add(Action::Kind::note, static_cast<std::uint32_t>(notes_.size()));
    notes_.push_back(std::move(text));
  }
  void finish() { add(Action::Kind::finish); }

  void reset() {
    list_.clear();
    workers_.clear();
    notes_.clear();
  }
  [[nodiscard]] const std::vector<Action>& list() const { return list_; }
  [[nodiscard]] const std::vector<WorkerId>& workers() const { return workers_; }
  [[nodiscard]] const std::vector<std::string>& notes() const { return notes_; }

 private:
  void add(Action::Kind kind, std::uint32_t index = 0, double number = 0, const char* text = "") {
    list_.push_back({kind, false, index, 0, number, text, {}});
  }
  void add_workers(Action::Kind kind, const WorkerId* workers, std::size_t count) {
    list_.push_back({kind,
                     false,
                     static_cast<std::uint32_t>(workers_.size()),
                     static_cast<std::uint32_t>(count),
                     0,
                     "",
                     {}});
    workers_.insert(workers_.end(), workers, workers + count);
  }

  std::vector<Action> list_;
  std::vector<WorkerId> workers_;
  std::vector<std::string> notes_;
};

}  // namespace syncline
