#include "chaos/fault_injector.hpp"

#include <algorithm>
#include <csignal>

namespace syncline {
namespace {

using Clock = FaultInjector::Clock;

double seconds(Clock::duration duration) { return std::chrono::duration<double>(duration).count(); }

Clock::duration duration(double seconds) {
  return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
}

/// After a partition TCP may take so long to send again what was not heard.
constexpr std::chrono::seconds tcp_recovery{1};

}  // namespace

FaultInjector::FaultInjector(const std::vector<PlannedFault>& plan, DrillFleet& fleet,
                             DrillNetwork& network, Strangers& strangers,
                             std::function<void(const MadeFault&)> say)
    : fleet_(fleet),
      network_(network),
      strangers_(strangers),
      say_(std::move(say)),
      queues_(fleet.workers() + 2),
      struck_(fleet.processes(), false),
      server_(fleet, network, notices_) {
  for (const PlannedFault& fault : plan) {
    if (fault.step) continue;
    const FaultTarget target = row_of(fault.kind).target;
    const std::size_t queue = target == FaultTarget::worker
                                  ? fault.worker
                                  : fleet.workers() + (target == FaultTarget::server ? 0 : 1);
    queues_.at(queue).push_back(fault);
  }
}

void FaultInjector::begin(Clock::time_point now) { begun_ = now; }

std::size_t FaultInjector::left() const {
  std::size_t left = 0;
  for (const Queue& queue : queues_) left += queue.size();
  return left;
}

bool FaultInjector::can_strike(const PlannedFault& fault) const {
  const FaultTarget target = row_of(fault.kind).target;
  if (target == FaultTarget::worker) return !struck_[fault.worker] && fleet_.alive(fault.worker);
  return target == FaultTarget::strangers || server_.can_strike(fault.kind);
}

bool FaultInjector::all_quiet(Clock::time_point now) const {
  const bool parted = parted_ && now - *parted_ < tcp_recovery;
  return repairs_.empty() && !parted && fleet_.up() == fleet_.workers();
}

void FaultInjector::poll(Clock::time_point now) {
  server_.poll(now);
  std::erase_if(repairs_, [&](const Repair& the) {
    if (the.due > now) return false;
    repair(the, now);
    return true;
  });
  if (!begun_) return;
  const double time = seconds(now - *begun_);
  for (Queue& queue : queues_) {
    if (queue.empty() || queue.front().time > time || !can_strike(queue.front())) continue;
    const PlannedFault fault = queue.front();
    queue.pop_front();
    strike(fault, now);
  }
  strangers_.poll(time);
}

void FaultInjector::strike(PlannedFault fault, Clock::time_point now) {
  const bool of_worker = row_of(fault.kind).target == FaultTarget::worker;
  if (fault.step) fault.time = seconds(now - *begun_);
  MadeFault made = {fault, seconds(now - *begun_)};
  if (of_worker) made.seat = fleet_.seat(fault.worker);
  const bool noticeable = fault.kind == FaultKind::kill || fault.kind == FaultKind::stop;
  // Before the deed: nobody can notice it earlier.
  if (noticeable && made.seat != DrillFleet::nobody && server_.watches())
    notices_.struck(made.seat, fault.kind, now);
  if (row_of(fault.kind).target == FaultTarget::server) {
    server_.strike(fault, all_quiet(now), now);
  } else {
    server_.other_struck();
    strike_other(fault);
  }
  made_.push_back(made);
  say_(made);
  if (fault.lasts <= 0 || fault.kind == FaultKind::stranger) return;
  if (of_worker) struck_[fault.worker] = true;
  repairs_.push_back({now + duration(fault.lasts), fault, made.seat});
}

void FaultInjector::strike_other(const PlannedFault& fault) {
  switch (fault.kind) {
    case FaultKind::kill:
      fleet_.kill_worker(fault.worker);
      break;
    case FaultKind::stop:
      fleet_.signal_worker(fault.worker, SIGSTOP);
      break;
    case FaultKind::stranger:
      strangers_.knock(fault);
      break;
    default:
      network_.strike(fault);
  }
}

void FaultInjector::repair(const Repair& the, Clock::time_point now) {
  const PlannedFault& fault = the.fault;
  if (row_of(fault.kind).target == FaultTarget::server) return server_.repair(fault);
  switch (fault.kind) {
    case FaultKind::kill:
      fleet_.start_worker(fault.worker);
      break;
    case FaultKind::stop:
      fleet_.signal_worker(fault.worker, SIGCONT);
      if (the.seat != DrillFleet::nobody) notices_.mended(the.seat);
      break;
    case FaultKind::partition:
      network_.mend(fault);
      parted_ = now;
      break;
    default:
      network_.mend(fault);
  }
  struck_[fault.worker] = false;
}

void FaultInjector::end() {
  for (Queue& queue : queues_) queue.clear();
  server_.end();
  for (const Repair& the : repairs_) {
    const FaultKind kind = the.fault.kind;
    // Nobody is to come back any more, but all are to be able to go.
    const bool killed =
        kind == FaultKind::kill || kind == FaultKind::server_kill || kind == FaultKind::shard_kill;
    if (killed) continue;
    repair(the, Clock::now());
  }
  repairs_.clear();
  notices_.server_gone();
}

}  // namespace syncline
