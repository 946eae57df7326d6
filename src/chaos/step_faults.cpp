#include "chaos/step_faults.hpp"

#include <algorithm>
#include <string_view>

namespace syncline {
namespace {

/// A message has not come if so many of these, for each worker, have: time enough for computing,
/// and for beating.
constexpr std::uint64_t results_in_vain = 100, heartbeats_in_vain = 20;
/// After so many a server knows which connections were cut.
constexpr std::uint64_t heartbeats_of_notice = 2;

bool is_one_of(std::size_t message, std::initializer_list<std::string_view> names) {
  const std::string_view name = protocol_messages().at(message).name;
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

StepFaults::StepFaults(const std::vector<PlannedFault>& plan, DrillFleet& fleet,
                       DrillNetwork& network, FaultInjector& injector)
    : fleet_(fleet), network_(network), injector_(injector), left_(plan.begin(), plan.end()) {}

bool StepFaults::all_well() {
  if (!injector_.mended()) return false;
  // The spare goes when its time is over. It may have taken a place by then.
  if (const std::uint32_t spare = fleet_.workers(); fleet_.alive(spare)) fleet_.kill_worker(spare);
  return fleet_.server_listens() && fleet_.up() == fleet_.workers();
}

void StepFaults::poll(Clock::time_point now) {
  if (!armed_) {
    if (all_well() && !left_.empty()) arm();
    return;
  }
  const auto link = network_.links().caught();
  if (!link) {
    if (!waits_in_vain()) return;
    network_.links().catch_nothing();
    const std::size_t message = left_.front().step->message;
    given_up_.push_back(message);
    std::erase_if(left_, [&](const PlannedFault& fault) { return fault.step->message == message; });
    armed_ = false;
    return;
  }
  PlannedFault fault = left_.front();
  left_.pop_front();
  armed_ = false;
  if (row_of(fault.kind).target == FaultTarget::worker) fault.worker = *link;
  injector_.strike(fault, now);
  passed_before_ = network_.links().passed();
  network_.links().let_go();
}

void StepFaults::arm() {
  const PlannedFault& fault = left_.front();
  const bool ends_server = fault.kind == FaultKind::server_kill ||
                           fault.kind == FaultKind::shard_kill ||
                           is_one_of(fault.step->message, {"goodbye"});
  if (ends_server && !injector_.server().has_checkpoint()) return;
  passed_before_ = network_.links().passed();
  network_.links().catch_at(*fault.step);
  armed_ = true;
  bring_about(fault);
}

void StepFaults::bring_about(const PlannedFault& fault) {
  const std::size_t message = fault.step->message;
  if (is_one_of(message, {"hello", "ready", "welcome"})) {
    network_.links().cut(static_cast<std::uint32_t>(fault.key % fleet_.workers()));
  } else if (is_one_of(message, {"refusal"})) {
    fleet_.start_worker(fleet_.workers());
  } else if (is_one_of(message, {"goodbye"})) {
    injector_.server().end_server();
  }
}

std::uint64_t StepFaults::passed_since(const char* message) const {
  const std::size_t step = find_protocol_message(message);
  return (network_.links().passed()[step] - passed_before_[step]) / fleet_.workers();
}

bool StepFaults::waits_in_vain() const {
  return passed_since("result") > results_in_vain && passed_since("heartbeat") > heartbeats_in_vain;
}

bool StepFaults::done() const {
  return left_.empty() && !armed_ && injector_.mended() &&
         passed_since("heartbeat") > heartbeats_of_notice;
}

void StepFaults::end() {
  if (armed_) network_.links().catch_nothing();
  armed_ = false;
  left_.clear();
}

}  // namespace syncline
