// Where all payloads are: the host's account against an independent count, at every event.

#include <map>
#include <set>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "support/made_up_scalars.hpp"
#include "support/manual_clock.hpp"
#include "support/policy_samples.hpp"
#include "support/scripted_policy.hpp"
#include "syncline/host.hpp"

namespace syncline {
namespace {

using testing::ManualClock;

/// Keeps each job's fate and compares the sums with the host's account whenever an event is done.
class Bookkeeper final : public HostObserver {
 public:
  explicit Bookkeeper(const Host& host) : host_(host) {}

  void started(const Job& job) override {
    // A worker numbers its jobs from 0 without gaps, and says so if one replaces a cancelled one.
    right_ = right_ && job.job == next_job_[job.worker]++ && running_.insert(job.worker).second &&
             parked_.count(job.worker) == 0 && job.restart == was_cancelled_[job.worker] &&
             job.read == version_;
    was_cancelled_[job.worker] = false;
    ++account_.started;
  }
  void cancelled(const Job& job, double) override {
    right_ = right_ && running_.erase(job.worker) == 1;
    was_cancelled_[job.worker] = true;
    ++account_.cancelled;
  }
  void arrived(const Job& job, double) override {
    right_ = right_ && running_.erase(job.worker) == 1 && job.read <= version_;
    ++account_.computed;
  }
  void folded(const Job& job, double, Slot slot, double) override {
    held_[slot].insert(job.worker);
    ++account_.held;
  }
  void put(const Job& job, double, Slot table) override {
    // What the worker's entry held and no step has used is lost.
    const auto replaced = held_[table].erase(job.worker);
    account_.held -= replaced;
    account_.dropped += replaced;
    folded(job, 0, table, 1);
  }
  void dropped(const Job&, double, const char*) override { ++account_.dropped; }
  void cleared(Slot slot) override {
    account_.held -= held_[slot].size();
    account_.dropped += held_[slot].size();
    held_[slot].clear();
  }
  void merged(Slot from, Slot into, double) override {
    held_[into].insert(held_[from].begin(), held_[from].end());
    held_[from].clear();
  }
  void swapped(Slot a, Slot b) override { std::swap(held_[a], held_[b]); }
  void stepped(Slot slot, double, Version version, double) override {
    right_ = right_ && version == ++version_ && !held_[slot].empty();
    account_.applied += held_[slot].size();
    account_.held -= held_[slot].size();
    held_[slot].clear();
  }
  void parked(WorkerId worker, double) override {
    right_ = right_ && running_.count(worker) == 0 && parked_.insert(worker).second;
  }
  void resumed(WorkerId worker, double) override { right_ = right_ && parked_.erase(worker) == 1; }
  void settled(double) override {
    const Account& told = host_.account();
    right_ = right_ && told.started == account_.started && told.computed == account_.computed &&
             told.applied == account_.applied && told.dropped == account_.dropped &&
             told.held == account_.held && told.cancelled == account_.cancelled &&
             told.in_flight == running_.size() && host_.version() == version_ &&
             told.started == told.computed + told.cancelled + told.in_flight &&
             told.computed == told.applied + told.dropped + told.held &&
             running_.size() + parked_.size() == host_.workers();
    ++events_;
  }
  [[nodiscard]] bool right() const { return right_; }
  [[nodiscard]] int events() const { return events_; }

 private:
  const Host& host_;
  Account account_;
  Version version_ = 0;
  std::map<WorkerId, std::uint64_t> next_job_;
  std::map<WorkerId, bool> was_cancelled_;
  std::map<Slot, std::multiset<WorkerId>> held_;  ///< whose payloads wait for a step
  std::set<WorkerId> running_;
  std::set<WorkerId> parked_;
  bool right_ = true;
  int events_ = 0;
};

TEST_CASE("the account of any policy, any order of arrivals, is right at every settled event") {
  CHECK(rc::check("identities and independent count", [] {
    const auto& text = *rc::gen::elementOf(testing::sample_policies());
    const auto workers = *rc::gen::inRange<std::uint32_t>(4, 9);
    const auto order =
        *rc::gen::container<std::vector<std::uint32_t>>(rc::gen::arbitrary<std::uint32_t>());
    PolicyContext context;
    context.workers = workers;
    Host host(make_policy(text, context), text, workers);
    testing::MadeUpScalars scalars;
    host.set_scalar_source(&scalars);
    Bookkeeper bookkeeper(host);
    host.add_observer(&bookkeeper);
    ManualClock clock;
    host.begin(0, clock);
    double time = 0;
    for (const std::uint32_t who : order) {
      while (host.due_measurement() != nullptr) host.measured(time, 1 / (1 + time), clock);
      clock.push(host, clock.busy()[who % clock.busy().size()], ++time);
      RC_ASSERT(clock.busy().size() == host.account().in_flight);
    }
    RC_ASSERT(bookkeeper.right());
    RC_ASSERT(bookkeeper.events() >= static_cast<int>(order.size()) + 1);
  }));
}

TEST_CASE("a slot that is cleared, gradients held, counts them as dropped") {
  testing::Script script;
  script.arrive = [](const Arrive& event, Actions& actions) {
    actions.fold(0, 0.5);
    if (event.job == 2) actions.clear(0);
    actions.send(event.worker);
  };
  Host host(std::make_unique<testing::ScriptedPolicy>(script), "clears", 1);
  ManualClock clock;
  host.begin(0, clock);
  for (int time = 1; time <= 4; ++time) clock.push(host, 0, time);
  CHECK(host.account().computed == 4);
  CHECK(host.account().dropped == 3);
  CHECK(host.account().held == 1);
}

}  // namespace
}  // namespace syncline
