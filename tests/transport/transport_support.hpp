#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include "transport/transport.hpp"

namespace syncline::testing {

using Bytes = std::vector<std::byte>;
using Kind = IncomingMessage::Kind;

/// Far away: a test that gets there has failed.
inline std::chrono::steady_clock::time_point patience() {
  return std::chrono::steady_clock::now() + std::chrono::seconds(120);
}
inline std::chrono::steady_clock::time_point soon() {
  return std::chrono::steady_clock::now() + std::chrono::milliseconds(20);
}

/// So many bytes, of which no two stretches are alike.
inline Bytes pattern(std::size_t size, std::uint64_t seed) {
  Bytes bytes(size);
  std::uint64_t state = seed * 2 + 1;
  for (std::byte& byte : bytes) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    byte = static_cast<std::byte>(state >> 56U);
  }
  return bytes;
}

/// Its first `head` bytes as the head, the rest as the body, whose owner keeps it.
inline OutgoingMessage outgoing(const Bytes& bytes, std::size_t head) {
  head = std::min(head, bytes.size());
  const auto split = bytes.begin() + static_cast<long>(head);
  auto body = std::make_shared<const Bytes>(split, bytes.end());
  OutgoingMessage message;
  message.head.assign(bytes.begin(), split);
  message.body = *body;
  message.owner = std::move(body);
  return message;
}
inline OutgoingMessage outgoing(const Bytes& bytes) { return outgoing(bytes, bytes.size()); }

/// A message with its end, wherever that has landed.
inline Bytes whole(const IncomingMessage& message) {
  Bytes bytes = message.bytes;
  bytes.insert(bytes.end(), message.landing.bytes.begin(), message.landing.bytes.end());
  return bytes;
}

/// Fresh memory for so many bytes.
inline Landing landing_of(std::size_t bytes) {
  auto owner = std::make_shared<Bytes>(bytes);
  const std::span<std::byte> span = *owner;
  return {std::move(owner), span};
}

/// What comes next, but for signs of life; it must. Whoever joins a server is admitted.
template <class Transport>
IncomingMessage next(Transport& transport) {
  const auto deadline = patience();
  while (auto message = transport.receive(deadline)) {
    if constexpr (std::is_base_of_v<ServerTransport, Transport>) {
      if (message->kind == Kind::joined) transport.admit(message->peer);
    }
    if (message->kind != Kind::alive) return std::move(*message);
  }
  throw std::runtime_error("nothing came");
}

/// The next of this kind; others before it are passed over.
template <class Transport>
IncomingMessage next(Transport& transport, Kind kind) {
  for (;;) {
    IncomingMessage message = next(transport);
    if (message.kind == kind) return message;
  }
}

}  // namespace syncline::testing
