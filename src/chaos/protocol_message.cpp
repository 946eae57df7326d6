#include "chaos/protocol_message.hpp"

#include "syncline/error.hpp"
#include "syncline/spec.hpp"

namespace syncline {

const std::array<ProtocolMessage, protocol_message_count>& protocol_messages() {
  static constexpr LinkWay up = LinkWay::to_server, down = LinkWay::to_worker;
  static const std::array<ProtocolMessage, protocol_message_count> messages = {{
      {"hello", up, 0, true},
      {"ready", up, 1, true},
      {"heartbeat", up, 2, true},
      {"result", up, 3, true},
      {"steps-done", up, 4, false},
      {"given-up", up, 5, false},
      {"welcome", down, 0, true},
      {"refusal", down, 1, true},
      {"assignment", down, 2, true},
      {"cancel", down, 3, false},
      {"stop", down, 4, false},
      {"goodbye", down, 5, true},
      {"beat", down, 6, true},
  }};
  return messages;
}

std::size_t find_protocol_message(const std::string& name) {
  std::vector<std::string> names;
  std::string all;
  for (const ProtocolMessage& message : protocol_messages()) {
    if (message.name == name) return names.size();
    names.emplace_back(message.name);
    all += (all.empty() ? "" : ", ") + names.back();
  }
  const auto near = nearest_name(name, names);
  throw ConfigError("--at: no message of the protocol is called '" + name + "'" +
                    (near ? "; did you mean '" + *near + "'?" : "") +
                    " (valid: times, steps, or some of " + all + ")");
}

std::size_t step_of(LinkWay way, std::uint8_t kind) {
  for (std::size_t step = 0; step < protocol_message_count; ++step) {
    const ProtocolMessage& message = protocol_messages()[step];
    if (message.way == way && message.kind == kind) return step;
  }
  return protocol_message_count;
}

}  // namespace syncline
