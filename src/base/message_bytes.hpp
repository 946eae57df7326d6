#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "syncline/error.hpp"

namespace syncline {

static_assert(std::endian::native == std::endian::little, "messages are little-endian");

/// A message that no honest peer of this version sends.
class MalformedMessage : public DataError {
 public:
  using DataError::DataError;
};

/// Writes numbers and texts one after the other.
class MessageWriter {
 public:
  template <class Number>
  requires std::is_arithmetic_v<Number> MessageWriter& number(Number value) {
    return bytes(std::as_bytes(std::span(&value, 1)));
  }
  MessageWriter& text(const std::string& value) {
    return number(static_cast<std::uint32_t>(value.size())).bytes(std::as_bytes(std::span(value)));
  }
  MessageWriter& bytes(std::span<const std::byte> value);
  [[nodiscard]] std::vector<std::byte> take() { return std::move(bytes_); }

 private:
  std::vector<std::byte> bytes_;
};

/// Reads them back; throws MalformedMessage where there are too few bytes, or too many at the end.
class MessageReader {
 public:
  explicit MessageReader(std::span<const std::byte> bytes) : rest_(bytes) {}

  template <class Number>
  requires std::is_arithmetic_v<Number> Number number() {
    Number value;
    const auto bytes = take(sizeof value);
    std::memcpy(&value, bytes.data(), sizeof value);
    return value;
  }
  std::string text() {
    const auto bytes = take(number<std::uint32_t>());
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  std::span<const std::byte> take(std::size_t count) {
    if (count > rest_.size()) throw MalformedMessage("a message is cut short");
    const auto bytes = rest_.first(count);
    rest_ = rest_.subspan(count);
    return bytes;
  }
  [[nodiscard]] std::span<const std::byte> rest() const { return rest_; }
  void end() const {
    if (!rest_.empty()) throw MalformedMessage("a message is too long");
  }

 private:
  std::span<const std::byte> rest_;
};

}  // namespace syncline
