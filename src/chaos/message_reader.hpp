#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

namespace syncline {

/// A place in bytes that pass: the beginning of a protocol message, or its end.
struct MessageMark {
  std::size_t at = 0;     ///< of its first byte, the kind; or just behind its last one
  std::uint8_t kind = 0;  ///< of the message
  bool end = false;
  bool operator==(const MessageMark&) const = default;
};

/// Finds the messages of the protocol in one direction of a connection without TLS, however its
/// bytes are cut: frames of HTTP/2 (RFC 9113), of which DATA ones hold messages of gRPC, whose
/// bytes one after the other are lengths and messages (docs/protocol.md, On the way).
class MessageReader {
 public:
  /// Only what comes from a client begins with HTTP/2's preface.
  explicit MessageReader(bool from_client) : preface_left_(from_client ? preface_length : 0) {}

  /// The marks in the bytes that follow on those before.
  [[nodiscard]] std::vector<MessageMark> read(std::span<const std::uint8_t> bytes);

 private:
  static constexpr std::size_t preface_length = 24;
  /// A number, or a header, whose bytes may come one by one.
  template <std::size_t length>
  struct Collected {
    std::uint8_t bytes[length] = {};
    std::size_t have = 0;
    /// Takes what it still needs from the front; whether it is whole now.
    bool take(std::span<const std::uint8_t>& from);
  };
  /// One call of gRPC.
  struct Call {
    Collected<5> header;              ///< whether it is compressed, and its length
    std::uint64_t fragment_left = 0;  ///< of the message of gRPC
    Collected<8> length;              ///< of the message of the protocol
    std::uint64_t message_left = 0;   ///< of that
    std::uint8_t kind = 0;
    bool begun = false;  ///< its kind has come
  };

  void begin_frame();
  void take_data(Call& call, std::span<const std::uint8_t> data, std::size_t at,
                 std::vector<MessageMark>& marks);
  static void take_fragment(Call& call, std::span<const std::uint8_t> bytes, std::size_t at,
                            std::vector<MessageMark>& marks);

  std::size_t preface_left_;
  Collected<9> header_;
  std::uint64_t frame_left_ = 0;
  bool data_ = false, padded_ = false;
  std::uint64_t padding_ = 0;
  std::uint32_t stream_ = 0;
  std::map<std::uint32_t, Call> calls_;  ///< by stream
};

}  // namespace syncline
