#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <grpcpp/support/byte_buffer.h>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "transport/transport.hpp"
#include "transport/transport_error.hpp"

// A message travels as its length (8 bytes, little-endian), head and body, cut into fragments of at
// most `largest_fragment` bytes, each a message of gRPC. So its length is known, and refused if too
// large, before it is in memory, and gRPC's own limit of 2 GiB does not matter.
namespace syncline {

inline constexpr std::size_t largest_fragment = std::size_t{1} << 20U;
/// What a queued message takes besides its bytes, roughly: many empty ones fill a queue, too.
inline constexpr std::size_t message_overhead = 128;

/// Messages on their way out; neither heads nor bodies are copied.
class FragmentQueue {
 public:
  void push(OutgoingMessage message);
  [[nodiscard]] bool empty() const { return messages_.empty(); }
  /// That wait, with overhead.
  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  /// The next fragment; there must be one. It keeps alive what it is a part of.
  [[nodiscard]] grpc::ByteBuffer next();
  void clear();

 private:
  struct Message {
    std::array<grpc::Slice, 3> parts;  ///< length, head, body
    std::size_t part = 0, offset = 0;  ///< what goes out next
  };
  std::deque<Message> messages_;
  std::size_t bytes_ = 0;
};

/// What no peer sends.
class FrameError final : public TransportError {
 public:
  explicit FrameError(Fault fault) : TransportError(fault.text), fault_(std::move(fault)) {}
  [[nodiscard]] const Fault& fault() const { return fault_; }

 private:
  Fault fault_;
};

/// Puts the messages of one connection together again. Copies each byte once: to its landing, where
/// there is one.
class Assembler {
 public:
  /// `landing_for` is asked with the length of each message.
  explicit Assembler(std::size_t largest_message,
                     std::function<Landing(std::size_t)> landing_for = nullptr)
      : largest_message_(largest_message), landing_for_(std::move(landing_for)) {}

  /// The message, if this fragment was its last, without what take_landing() has. Throws
  /// FrameError.
  [[nodiscard]] std::optional<std::vector<std::byte>> take(const grpc::ByteBuffer& fragment);
  /// The end of the last message, if it has landed elsewhere.
  [[nodiscard]] Landing take_landing() { return std::exchange(landing_, {}); }
  /// Of messages that begin from now on.
  void set_largest_message(std::size_t bytes) { largest_message_ = bytes; }

 private:
  void take_bytes(std::span<const std::byte> bytes);
  /// The length is known now.
  void begin_message();

  std::size_t largest_message_;
  std::function<Landing(std::size_t)> landing_for_;
  std::array<std::byte, 8> length_bytes_ = {};
  std::size_t length_known_ = 0;  ///< of those bytes
  std::uint64_t length_ = 0;
  std::vector<std::byte> message_;
  Landing landing_;
  std::size_t landed_ = 0;  ///< bytes of that
};

}  // namespace syncline
