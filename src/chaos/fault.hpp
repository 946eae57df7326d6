#pragma once

#include <array>
#include <cstdint>
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
  server_kill
};

/// One row of the table of faults.
struct FaultRow {
  FaultKind kind;
  const char* name;          ///< on the command line
  const char* description;   ///< for `--help` and the page
  bool of_worker;            ///< strikes one worker
  bool on_link;              ///< strikes its connections
  double weight;             ///< how often it is drawn, relative to the others
  double shortest, longest;  ///< seconds that it lasts, drawn evenly; 0: a moment
};

inline constexpr std::size_t fault_kind_count = 8;
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

/// What is to happen, and when: seconds after all workers are there. What is drawn beyond kind and
/// target means something for the kinds that say so.
struct PlannedFault {
  double time = 0;
  FaultKind kind = FaultKind::kill;
  std::uint32_t worker = 0;     ///< of_worker
  double lasts = 0;             ///< until it is mended; kill: until the restart
  double latency = 0;           ///< delay: seconds more, each way
  std::uint32_t bytes = 0;      ///< corrupt: how many are struck, a bit of each
  LinkWay way = LinkWay::both;  ///< partition, corrupt
  StrangerKind stranger = StrangerKind::random_bytes;
  std::uint64_t key = 0;  ///< of whatever is drawn when it happens
  bool operator==(const PlannedFault&) const = default;
};

/// "worker 3: killed, started again after 0.42 s"
[[nodiscard]] std::string describe(const PlannedFault& fault);
[[nodiscard]] nlohmann::ordered_json to_json(const PlannedFault& fault);

}  // namespace syncline
