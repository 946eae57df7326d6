#include "chaos/fault_injector.hpp"

#include <algorithm>
#include <csignal>
#include <future>

#include "chaos/log_tail.hpp"
#include "metrics/fetch_metrics.hpp"
#include "metrics/metrics_reader.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

using Clock = FaultInjector::Clock;

double seconds(Clock::duration duration) { return std::chrono::duration<double>(duration).count(); }

Clock::duration duration(double seconds) {
  return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
}

bool has_checkpoint(const std::filesystem::path& path) {
  std::error_code none;
  if (!std::filesystem::is_directory(path, none)) return std::filesystem::exists(path, none);
  for (const auto& entry : std::filesystem::directory_iterator(path, none)) {
    if (entry.is_directory(none)) return true;
  }
  return false;
}

}  // namespace

FaultInjector::FaultInjector(const std::vector<PlannedFault>& plan, DrillFleet& fleet,
                             DrillNetwork& network, Strangers& strangers,
                             std::function<void(const MadeFault&)> say)
    : fleet_(fleet),
      network_(network),
      strangers_(strangers),
      say_(std::move(say)),
      queues_(fleet.workers() + 2),
      struck_(fleet.workers(), false) {
  for (const PlannedFault& fault : plan) {
    const bool of_server = fault.kind == FaultKind::server_kill;
    const std::size_t queue =
        row_of(fault.kind).of_worker ? fault.worker : fleet.workers() + (of_server ? 0 : 1);
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
  if (row_of(fault.kind).of_worker) return !struck_[fault.worker] && fleet_.alive(fault.worker);
  if (fault.kind == FaultKind::stranger) return true;
  // Before its first checkpoint there is nothing from which the server could go on.
  return !server_struck_ && fleet_.server_listens() &&
         has_checkpoint(fleet_.job().race.run.checkpoint);
}

void FaultInjector::poll(Clock::time_point now) {
  watch_server(now);
  std::erase_if(repairs_, [&](const Repair& the) {
    if (the.due > now) return false;
    repair(the);
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

void FaultInjector::strike(const PlannedFault& fault, Clock::time_point now) {
  const bool of_worker = row_of(fault.kind).of_worker;
  MadeFault made = {fault, seconds(now - *begun_)};
  if (of_worker) made.seat = fleet_.seat(fault.worker);
  const bool noticeable = fault.kind == FaultKind::kill || fault.kind == FaultKind::stop;
  // Before the deed: nobody can notice it earlier.
  if (noticeable && made.seat != DrillFleet::nobody) notices_.struck(made.seat, fault.kind, now);
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
    case FaultKind::server_kill:
      kill_server(now);
      break;
    default:
      network_.strike(fault);
  }
  made_.push_back(made);
  say_(made);
  if (fault.lasts <= 0 || fault.kind == FaultKind::stranger) return;
  if (of_worker) struck_[fault.worker] = true;
  repairs_.push_back({now + duration(fault.lasts), fault, made.seat});
}

void FaultInjector::repair(const Repair& the) {
  const PlannedFault& fault = the.fault;
  switch (fault.kind) {
    case FaultKind::kill:
      fleet_.start_worker(fault.worker);
      break;
    case FaultKind::stop:
      fleet_.signal_worker(fault.worker, SIGCONT);
      if (the.seat != DrillFleet::nobody) notices_.mended(the.seat);
      break;
    case FaultKind::server_kill:
      fleet_.start_server(true);
      return;
    default:
      network_.mend(fault);
  }
  struck_[fault.worker] = false;
}

std::uint64_t FaultInjector::measured_update() const {
  const std::uint32_t port = fleet_.job().race.run.metrics_port;
  if (port == 0) return 0;
  return std::async(
             std::launch::async,
             [&]() -> std::uint64_t {
               if (network_.server_network() >= 0) enter_network(network_.server_network());
               try {
                 return read_metrics(fetch_metrics("127.0.0.1:" + std::to_string(port))).version;
               } catch (const DataError&) {
                 return 0;
               }
             })
      .get();
}

void FaultInjector::kill_server(Clock::time_point now) {
  const std::uint64_t measured = measured_update();
  fleet_.kill_server();
  notices_.server_gone();
  server_struck_ = true;
  server_killed_ = now;
  server_back_.reset();
  restarts_.emplace_back();
  // The log lags behind by what its server had not handed out.
  restarts_.back().seen = std::max(measured, last_logged_update(fleet_.job().race.run.log));
}

void FaultInjector::watch_server(Clock::time_point now) {
  if (!server_struck_ || !fleet_.server_listens()) return;
  server_struck_ = false;
  server_back_ = now;
  restarts_.back().down = seconds(now - *server_killed_);
}

void FaultInjector::up(Clock::time_point now) {
  if (restarts_.empty() || restarts_.back().all_up) return;
  watch_server(now);
  ServerRestart& restart = restarts_.back();
  if (server_back_ && fleet_.up() == fleet_.workers())
    restart.all_up = seconds(now - *server_back_);
}

void FaultInjector::end() {
  for (Queue& queue : queues_) queue.clear();
  for (const Repair& the : repairs_) {
    const FaultKind kind = the.fault.kind;
    // Nobody is to come back any more, but all are to be able to go.
    if (kind == FaultKind::kill || kind == FaultKind::server_kill) continue;
    repair(the);
  }
  repairs_.clear();
  notices_.server_gone();
}

}  // namespace syncline
