#include "top/repeated_run.hpp"

#include <cmath>

#include "base/hostile_json.hpp"
#include "fleet/training/run_context.hpp"

namespace syncline {
namespace {

using Json = nlohmann::ordered_json;

bool is_simulation(const Settings& settings) { return settings.message_bytes > 0; }

std::shared_ptr<const FleetTiming> timing_of(const Settings& settings, bool real) {
  FleetConfig fleet = settings.race.run.fleet;
  const bool limited = fleet.bandwidth > 0 || fleet.server_bandwidth > 0;
  if (real) {
    // Its links are what they are; the laws are only what the policy plans with.
    fleet.bandwidth = fleet.server_bandwidth = 0;
  } else if (limited && !is_simulation(settings)) {
    throw NotRepeatable("the sizes of its messages are not in the log");
  }
  return std::make_shared<const FleetTiming>(fleet, static_cast<double>(settings.message_bytes));
}

Host host_of(const RunConfig& run, const std::shared_ptr<const FleetTiming>& timing) {
  auto policy = make_policy(run.policy, run_context(run, timing));
  if (policy->requirements().observables.any()) {
    throw NotRepeatable("the policy looks at gradients, and they are not in the log");
  }
  return Host(std::move(policy), run.policy, run.fleet.workers);
}

VirtualFleet fleet_of(const Settings& settings, bool real) {
  const RunConfig& run = settings.race.run;
  const auto timing = timing_of(settings, real);
  return VirtualFleet(host_of(run, timing), real ? VirtualClock(std::vector<FleetEvent>())
                                                 : VirtualClock(timing, run.seed));
}

}  // namespace

RepeatedRun::RepeatedRun(const Settings& settings)
    : real_(settings.race.run.fleet.kind != "virtual"),
      fleet_(fleet_of(settings, real_)),
      figures_(fleet_.host(), settings.race.run.fleet.kind, false) {
  host().add_observer(&figures_);
}

void RepeatedRun::begin() {
  if (begun_) return;
  begun_ = true;
  fleet_.begin(absent_);
}

void RepeatedRun::take(const Json& record) {
  try {
    const std::string event = record.at("event");
    if (const auto from_outside = real_ ? read_event(record) : std::nullopt) {
      return take_event(*from_outside);
    }
    begin();
    if (event == "update") {
      updated(whole_number<Version>(record.at("update")), record.at("time"));
    } else if (event == "measured") {
      measured(record);
    } else if (event == "evaluation") {
      figures_.evaluated(evaluation_of(record));
    } else if (event == "end") {
      ended(record);
    }
  } catch (const LawViolation& violation) {
    throw NotRepeatable(violation.what());
  }
}

void RepeatedRun::take_event(const FleetEvent& event) {
  using Kind = FleetEvent::Kind;
  // Only the beginning itself is at 0.
  if (!begun_ && event.kind == Kind::down && event.time == 0) {
    absent_.push_back(event.index);
    return;
  }
  begin();
  if (host().due_measurement() != nullptr) throw NotRepeatable("a measurement is missing");
  if (event.kind != Kind::timer && event.index >= host().workers()) {
    throw NotRepeatable("it names a worker that does not exist");
  }
  VirtualClock& clock = fleet_.clock();
  switch (event.kind) {
    case Kind::arrival:
      return event.stopped ? host().arrive(event.time, event.index, event.steps, clock)
                           : host().arrive(event.time, event.index, clock);
    case Kind::progress:
      return host().progressed(event.time, event.index, clock);
    case Kind::timer:
      return host().timer_fired(event.time, event.index, clock);
    case Kind::down:
      return host().worker_down(event.time, event.index, clock);
    case Kind::up:
      return host().worker_up(event.time, event.index, clock);
  }
}

/// In virtual time.
void RepeatedRun::advance() {
  if (host().due_measurement() != nullptr) throw NotRepeatable("a measurement is missing");
  if (host().finished() || !std::isfinite(fleet_.next_time())) {
    throw NotRepeatable("its events come to an end before the log does");
  }
  fleet_.advance();
}

void RepeatedRun::measured(const Json& record) {
  while (!real_ && host().due_measurement() == nullptr) advance();
  const Measurement* due = host().due_measurement();
  if (due == nullptr || record.at("name") != due->name) throw NotRepeatable("a measurement is new");
  const Json& value = record.at("value");
  host().measured(record.at("time"), value.is_null() ? std::nan("") : value.get<double>(),
                  fleet_.clock());
}

void RepeatedRun::updated(Version update, double time) {
  while (!real_ && host().version() < update) advance();
  if (host().version() != update || (!real_ && fleet_.now() != time)) {
    throw NotRepeatable("it comes to another update");
  }
}

void RepeatedRun::ended(const Json& record) {
  if (real_) return;
  const double time = record.at("time");
  const auto computed = whole_number<std::uint64_t>(record.at("gradients").at("computed"));
  while (host().account().computed < computed && !host().finished() && fleet_.next_time() <= time) {
    advance();
  }
}

}  // namespace syncline
