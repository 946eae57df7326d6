// Event logs of real fleets, replayed: a host and a small model live through what they tell.

#include <nlohmann/json.hpp>

#include "fleet/fleet_event.hpp"
#include "input_file.hpp"
#include "syncline/error.hpp"
#include "syncline/train.hpp"
#include "targets/entries.hpp"

namespace syncline::fuzz {
namespace {

/// Each handles events in its own way: rounds, cancelled jobs, timers, jobs that are stopped.
constexpr const char* policies_replayed[] = {"async", "k-batch-sync(k=3)", "mindflayer",
                                             "stsyn(k=2, steps=2, cap=4)",
                                             "adacomm(steps=4, interval=2)"};

std::string head_of(const char* policy) {
  nlohmann::ordered_json head = {{"event", "run"}, {"schema", 1}};
  head["config"]["run"]["policy"] = policy;
  return head.dump() + "\n";
}

/// Only the policy is the log's: what else it says would be trained.
RunConfig config_of(std::string_view log) {
  RunConfig config;
  config.policy = "";
  for (const char* policy : policies_replayed) {
    if (log.starts_with(head_of(policy))) config.policy = policy;
  }
  if (config.policy.empty()) throw ConfigError("a log of another policy");
  config.fleet.kind = "threads";
  config.fleet.workers = 3;
  config.model.workload = "quadratic(dimension=3)";
  config.optimizer.step_size = 0.01;
  config.stop.updates = 20;
  config.stop.evaluate_every = 1;
  config.threads = 1;
  return config;
}

void take(std::string_view input) {
  RunConfig config = config_of(input);
  config.replay = own_folder().write("replayed.jsonl", std::string(input));
  const auto document = train(config, {});
  promise(document.at("kind") == "run", "a replay ends with the document of a run");
}

std::string log_of(const char* policy, const std::vector<FleetEvent>& events) {
  std::string log = head_of(policy);
  for (const FleetEvent& event : events) log += to_json(event).dump() + "\n";
  return log;
}

std::vector<std::string> seeds() {
  using Kind = FleetEvent::Kind;
  std::vector<std::string> logs;
  for (const char* policy : policies_replayed) {
    std::vector<FleetEvent> events;
    for (std::uint32_t i = 0; i < 6; ++i) {
      events.push_back({Kind::arrival, 0.5 * (i + 1), i % 3});
      logs.push_back(log_of(policy, events));
    }
    events.push_back({Kind::down, 4, 1});
    logs.push_back(log_of(policy, events));
    events.push_back({Kind::up, 4.5, 1});
    logs.push_back(log_of(policy, events));
    for (const Kind kind : {Kind::progress, Kind::timer}) {
      logs.push_back(
          log_of(policy, {{Kind::arrival, 0.5, 0}, {kind, 1, 1}, {Kind::arrival, 2, 2}}));
    }
  }
  return accepted(replay_target, logs);
}

}  // namespace

const Target replay_target{"replay", "an event log, replayed", take, seeds};

}  // namespace syncline::fuzz
