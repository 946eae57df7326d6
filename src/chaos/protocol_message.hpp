#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "chaos/fault.hpp"

namespace syncline {

/// One kind of message that server and workers send each other (docs/protocol.md).
struct ProtocolMessage {
  const char* name;   ///< as the page calls it, and the command line
  LinkWay way;        ///< to_server or to_worker
  std::uint8_t kind;  ///< its first byte
  /// Every policy has it, so in a run that goes well it comes.
  bool always;
};

inline constexpr std::size_t protocol_message_count = 13;
/// The worker's, then the server's, by kind. A step is an index into it.
[[nodiscard]] const std::array<ProtocolMessage, protocol_message_count>& protocol_messages();

/// Throws ConfigError with the nearest name.
[[nodiscard]] std::size_t find_protocol_message(const std::string& name);
/// The step of a message that goes this way; protocol_message_count if there is no such kind.
[[nodiscard]] std::size_t step_of(LinkWay way, std::uint8_t kind);

}  // namespace syncline
