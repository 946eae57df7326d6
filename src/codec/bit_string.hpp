#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "codec/wire.hpp"

namespace syncline {

/// Bytes that hold so many codes of so many bits.
inline std::size_t packed_bytes(std::size_t codes, unsigned bits) { return (codes * bits + 7) / 8; }

/// Codes of a few bits one after the other, low bits first. The last byte is filled up with zeros.
class BitWriter {
 public:
  explicit BitWriter(std::span<std::byte> bytes) : bytes_(bytes) {}

  /// REQUIRES: code < 2^bits, bits <= 32.
  void put(std::uint32_t code, unsigned bits) {
    held_ |= static_cast<std::uint64_t>(code) << count_;
    for (count_ += bits; count_ >= 8; count_ -= 8) flush();
  }

  void finish() {
    if (count_ > 0) flush();
    count_ = 0;
  }

 private:
  void flush() {
    bytes_[next_++] = static_cast<std::byte>(held_ & 0xff);
    held_ >>= 8;
  }

  std::span<std::byte> bytes_;
  std::size_t next_ = 0;
  std::uint64_t held_ = 0;
  unsigned count_ = 0;
};

class BitReader {
 public:
  explicit BitReader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  std::uint32_t take(unsigned bits) {
    for (; count_ < bits; count_ += 8) {
      held_ |= std::to_integer<std::uint64_t>(bytes_[next_++]) << count_;
    }
    const auto code = static_cast<std::uint32_t>(held_ & ((std::uint64_t{1} << bits) - 1));
    held_ >>= bits;
    count_ -= bits;
    return code;
  }

  void finish() const {
    if (held_ != 0) malformed("the bits after the last code are not 0");
  }

 private:
  std::span<const std::byte> bytes_;
  std::size_t next_ = 0;
  std::uint64_t held_ = 0;
  unsigned count_ = 0;
};

}  // namespace syncline
