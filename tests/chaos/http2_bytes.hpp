#pragma once

#include <cstdint>
#include <string>

namespace syncline::testing {

inline std::string big_endian(std::uint64_t value, std::size_t bytes) {
  std::string text;
  for (std::size_t i = bytes; i > 0; --i) text += static_cast<char>(value >> (8 * (i - 1)));
  return text;
}

inline std::string little_endian(std::uint64_t value, std::size_t bytes) {
  std::string text;
  for (std::size_t i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i));
  return text;
}

/// A frame of HTTP/2 (RFC 9113, section 4.1).
inline std::string frame(std::uint8_t type, std::uint8_t flags, std::uint32_t stream,
                         const std::string& payload) {
  return big_endian(payload.size(), 3) + static_cast<char>(type) + static_cast<char>(flags) +
         big_endian(stream, 4) + payload;
}

/// A message of gRPC, uncompressed.
inline std::string grpc_message(const std::string& bytes) {
  return std::string(1, '\0') + big_endian(bytes.size(), 4) + bytes;
}

inline const std::string preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// A short message of the protocol as a connection without TLS carries it.
inline std::string as_sent(std::uint8_t kind, const std::string& rest) {
  const std::string message = static_cast<char>(kind) + rest;
  return frame(0, 0, 1, grpc_message(little_endian(message.size(), 8) + message));
}

}  // namespace syncline::testing
