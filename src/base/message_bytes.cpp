#include "base/message_bytes.hpp"

namespace syncline {

// Not inline: of a chain of these, g++ 12 sees a vector that is too short.
MessageWriter& MessageWriter::bytes(std::span<const std::byte> value) {
  bytes_.insert(bytes_.end(), value.begin(), value.end());
  return *this;
}

}  // namespace syncline
