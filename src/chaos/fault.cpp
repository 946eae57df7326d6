#include "chaos/fault.hpp"

#include <algorithm>
#include <cstdio>
#include <vector>

#include <nlohmann/json.hpp>

#include "chaos/protocol_message.hpp"
#include "syncline/error.hpp"
#include "syncline/spec.hpp"

namespace syncline {
namespace {

std::string seconds(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f s", value);
  return text;
}

const char* name_of(LinkWay way) {
  static constexpr const char* names[] = {"both ways", "to the server", "to the worker"};
  return names[static_cast<int>(way)];
}

const char* name_of(StrangerKind stranger) {
  static constexpr const char* names[] = {"random bytes", "a half-open connection",
                                          "a worker with another token",
                                          "a worker with an expired certificate"};
  return names[static_cast<int>(stranger)];
}

}  // namespace

const std::array<FaultRow, fault_kind_count>& fault_rows() {
  // Stops of a worker last longer than three heartbeats, so that each of them must be noticed.
  // Workers bear a silent server for 5 s if nothing else makes its answers slow: one of the two
  // stops of the server is well below that, the other well above.
  static constexpr FaultTarget worker = FaultTarget::worker, server = FaultTarget::server;
  static const std::array<FaultRow, fault_kind_count> rows = {{
      {FaultKind::kill, "kill", "a worker is killed (SIGKILL) and started again", worker, false, 6,
       0.1, 0.6},
      {FaultKind::stop, "stop", "a worker is stopped (SIGSTOP) and goes on later", worker, false, 2,
       1, 3},
      {FaultKind::delay, "delay", "its messages take up to 0.15 s longer, each way", worker, true,
       2, 0.5, 3},
      {FaultKind::partition, "partition",
       "nothing passes between it and the server, one way or both, and nobody is told", worker,
       true, 2, 0.3, 3},
      {FaultKind::corrupt, "corrupt", "bits of what passes are flipped", worker, true, 2, 0, 0},
      {FaultKind::cut, "cut", "its connections are reset", worker, true, 2, 0, 0},
      {FaultKind::stranger, "stranger",
       "somebody knocks who is no worker: random bytes, a half-open connection, another token, an "
       "expired certificate",
       FaultTarget::strangers, false, 1, 1, 3},
      {FaultKind::server_kill, "server-kill",
       "the server is killed and started again with --resume", server, false, 0.5, 0.2, 1},
      {FaultKind::server_stop, "server-stop",
       "the server is stopped for less than the workers' patience", server, false, 0.5, 0.3, 3},
      {FaultKind::server_hang, "server-hang",
       "the server is stopped for longer than the workers' patience", server, false, 0.25, 6, 9},
      {FaultKind::shard_kill, "shard-kill",
       "a shard is killed and started again, and then the server with --resume", server, false, 0.5,
       0.1, 0.6},
      {FaultKind::shard_stop, "shard-stop",
       "a shard is stopped for less than the server's patience", server, false, 0.5, 0.3, 3},
  }};
  return rows;
}

const FaultRow& row_of(FaultKind kind) { return fault_rows()[static_cast<std::size_t>(kind)]; }

FaultKind find_fault_kind(const std::string& name) {
  std::vector<std::string> names;
  std::string all;
  for (const FaultRow& row : fault_rows()) {
    if (row.name == name) return row.kind;
    names.emplace_back(row.name);
    all += (all.empty() ? "" : ", ") + names.back();
  }
  const auto near = nearest_name(name, names);
  throw ConfigError("--faults: unknown fault '" + name + "'" +
                    (near ? "; did you mean '" + *near + "'?" : "") + " (valid: " + all + ")");
}

std::string describe(const PlannedFault& fault) {
  if (fault.step) {
    PlannedFault rest = fault;
    rest.step.reset();
    return protocol_messages().at(fault.step->message).name +
           std::string(fault.step->passed ? ", passed: " : ", held back: ") + describe(rest);
  }
  const std::string worker = fault.worker == PlannedFault::whoever
                                 ? "its worker process"
                                 : "worker process " + std::to_string(fault.worker);
  const std::string shard = "shard " + std::to_string(fault.shard);
  switch (fault.kind) {
    case FaultKind::kill:
      return worker + ": killed, started again after " + seconds(fault.lasts);
    case FaultKind::stop:
      return worker + ": stopped for " + seconds(fault.lasts);
    case FaultKind::delay:
      return worker + ": messages " + seconds(fault.latency) + " later, for " +
             seconds(fault.lasts);
    case FaultKind::partition:
      return worker + ": nothing passes " + name_of(fault.way) + " for " + seconds(fault.lasts);
    case FaultKind::corrupt:
      return worker + ": a bit flipped in each of " + std::to_string(fault.bytes) + " bytes " +
             name_of(fault.way);
    case FaultKind::cut:
      return worker + ": its connections are reset";
    case FaultKind::stranger:
      return std::string("stranger: ") + name_of(fault.stranger);
    case FaultKind::server_kill:
      return "server: killed, started again after " + seconds(fault.lasts);
    case FaultKind::server_stop:
    case FaultKind::server_hang:
      return "server: stopped for " + seconds(fault.lasts);
    case FaultKind::shard_kill:
      return shard + ": killed, started again after " + seconds(fault.lasts);
    case FaultKind::shard_stop:
      return shard + ": stopped for " + seconds(fault.lasts);
  }
  return "";
}

nlohmann::ordered_json to_json(const PlannedFault& fault) {
  const FaultRow& row = row_of(fault.kind);
  nlohmann::ordered_json json = {{"fault", row.name}};
  if (fault.step) {
    json["at"] = protocol_messages().at(fault.step->message).name;
    json["passed"] = fault.step->passed;
  }
  if (row.target == FaultTarget::worker) json["worker"] = fault.worker;
  if (fault.lasts > 0) json["lasts"] = fault.lasts;
  json["text"] = describe(fault);
  return json;
}

}  // namespace syncline
