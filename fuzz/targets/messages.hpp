#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "target.hpp"

namespace syncline::fuzz {

inline std::span<const std::byte> bytes_of(std::string_view input) {
  return std::as_bytes(std::span(input.data(), input.size()));
}

/// A message as an input.
inline std::string text_of(const std::vector<std::byte>& message) {
  return {reinterpret_cast<const char*>(message.data()), message.size()};
}

/// What was decoded from `input`, encoded again, must be its beginning; the rest is the body.
inline void check_again(std::string_view input, const std::vector<std::byte>& again,
                        std::span<const std::byte> body) {
  promise(again.size() + body.size() == input.size(), "fields and body are the whole message");
  promise(text_of(again) == input.substr(0, again.size()), "a message is encoded again the same");
  promise(body.empty() || body.data() + body.size() == bytes_of(input).data() + input.size(),
          "the body is the end of the message");
}

/// A message of each kind that `Says` has, fields at their defaults, bare and with a body.
template <class Says, std::size_t kind = 0>
void add_every_kind(std::vector<std::string>& messages, auto encoded) {
  if constexpr (kind < std::variant_size_v<Says>) {
    messages.push_back(text_of(encoded(Says(std::in_place_index<kind>))));
    messages.push_back(messages.back() + "body");
    add_every_kind<Says, kind + 1>(messages, encoded);
  }
}

}  // namespace syncline::fuzz
