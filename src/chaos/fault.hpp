#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace syncline {

enum class FaultKind : std::uint8_t {
  kill,
  stop,
  delay,
  partition,
  corrupt,
  cut,
  stranger,
  server_kill,
  server_stop,
  server_hang,
  shard_kill,
  shard_stop
};

/// Whom a fault strikes: a worker, the server or one of its shards, or nobody of the job.
enum class FaultTarget : std::uint8_t { worker, server, strangers };

/// One row of the table of faults.
struct FaultRow {
  FaultKind kind;
  const char* name;         ///< on the command line
  const char* description;  ///< for `--help` and the page
  FaultTarget target;
  bool on_link;              ///< strikes its connections
  double weight;             ///< how often it is drawn, relative to the others
  double shortest, longest;  ///< seconds that it lasts, drawn evenly; 0: a moment
};

inline constexpr std::size_t fault_kind_count = 12;
/// By FaultKind.
[[nodiscard]] const std::array<FaultRow, fault_kind_count>& fault_rows();
[[nodiscard]] const FaultRow& row_of(FaultKind kind);
/// Throws ConfigError with the nearest name.
[[nodiscard]] FaultKind find_fault_kind(const std::string& name);

/// Which bytes of a connection a fault strikes.
enum class LinkWay : std::uint8_t { both, to_server, to_worker };

/// Who knocks at the server's port without being a worker of the job.
enum class StrangerKind : std::uint8_t {
  random_bytes,
  half_open,
  wrong_token,
  expired_certificate  ///< only where there is TLS
};

/// A moment of a run: a message of the protocol is on its way.
struct ProtocolStep {
  std::size_t message = 0;  ///< index into protocol_messages()
  /// The other end has all of it just now; else it has its length, and the rest is held back.
  bool passed = false;
  bool operator==(const ProtocolStep&) const = default;
};

/// What is to happen, and when: seconds after all workers are there, or at a step. What is drawn
/// beyond kind and target means something for the kinds that say so.
struct PlannedFault {
  /// Of a fault at a step, until it is made: the worker whose message it will be.
  static constexpr std::uint32_t whoever = ~std::uint32_t{0};

  double time = 0;
  std::optional<ProtocolStep> step;
  FaultKind kind = FaultKind::kill;
  std::uint32_t worker = 0;     ///< of kinds that strike one
  std::uint32_t shard = 0;      ///< of kinds that strike one
  double lasts = 0;             ///< until it is mended; kill: until the restart
  double latency = 0;           ///< delay: seconds more, each way
  std::uint32_t bytes = 0;      ///< corrupt: how many are struck, a bit of each
  LinkWay way = LinkWay::both;  ///< partition, corrupt
  StrangerKind stranger = StrangerKind::random_bytes;
  std::uint64_t key = 0;  ///< of whatever is drawn when it happens
  bool operator==(const PlannedFault&) const = default;
};

/// "worker process 3: killed, started again after 0.42 s"; at a step: "result, held back: ...".
[[nodiscard]] std::string describe(const PlannedFault& fault);
[[nodiscard]] nlohmann::ordered_json to_json(const PlannedFault& fault);

}  // namespace syncline
