// Fragments of hostile peers: refused, never more.

#include "transport/grpc/fragments.hpp"

#include <cstring>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "transport/transport_error.hpp"
#include "transport/transport_support.hpp"

namespace syncline {
namespace {

using testing::Bytes;
using testing::outgoing;
using testing::pattern;

constexpr std::size_t largest = 10'000'000;

grpc::ByteBuffer buffer(const Bytes& bytes) {
  const grpc::Slice slice(bytes.data(), bytes.size());
  return {&slice, 1};
}

Bytes with_length(std::uint64_t length, std::size_t content) {
  Bytes bytes(sizeof length + content);
  std::memcpy(bytes.data(), &length, sizeof length);
  return bytes;
}

TEST_CASE("an outbox, messages of all sizes, comes out of an assembler as it went in") {
  FragmentQueue outbox;
  Assembler assembler(largest);
  const std::vector<std::size_t> sizes = {
      0, 1, largest_fragment - 8, largest_fragment - 7, 2 * largest_fragment - 8, 3'000'000};
  for (const std::size_t size : sizes) {
    for (const std::size_t head : {std::size_t{0}, size / 3, size}) {
      outbox.push(outgoing(pattern(size, 1), head));
    }
  }
  std::vector<Bytes> came;
  while (!outbox.empty()) {
    const grpc::ByteBuffer fragment = outbox.next();
    CHECK(fragment.Length() > 0);
    CHECK(fragment.Length() <= largest_fragment);
    if (auto message = assembler.take(fragment)) came.push_back(std::move(*message));
  }
  CHECK(outbox.bytes() == 0);
  REQUIRE(came.size() == 3 * sizes.size());
  for (std::size_t i = 0; i < came.size(); ++i) CHECK(came[i] == pattern(sizes[i / 3], 1));
}

TEST_CASE("a fragment that is empty, too long, or of a message that is too large, is refused") {
  CHECK_THROWS_AS(static_cast<void>(Assembler(largest).take(grpc::ByteBuffer())), TransportError);
  CHECK_THROWS_AS(static_cast<void>(Assembler(largest).take(buffer(with_length(5, 6)))),
                  TransportError);
  CHECK_THROWS_AS(static_cast<void>(Assembler(largest).take(buffer(with_length(largest + 1, 0)))),
                  TransportError);
  CHECK_THROWS_AS(static_cast<void>(Assembler(largest).take(buffer(with_length(UINT64_MAX, 9)))),
                  TransportError);
  CHECK_FALSE(Assembler(largest).take(buffer(with_length(largest, 0))));
  CHECK(Assembler(largest).take(buffer(with_length(6, 6))) == Bytes(6));
}

TEST_CASE("random fragments, the assembler refuses them or stays within its bound") {
  CHECK(rc::check([](const std::vector<std::vector<std::uint8_t>>& fragments, bool plausible) {
    Assembler assembler(1000);
    try {
      for (const auto& fragment : fragments) {
        Bytes bytes;
        for (const auto byte : fragment) bytes.push_back(static_cast<std::byte>(byte));
        // Lengths that are not refused at once.
        for (std::size_t i = 1; plausible && i < std::min<std::size_t>(bytes.size(), 8); ++i) {
          bytes[i] = std::byte{0};
        }
        const auto message = assembler.take(buffer(bytes));
        if (message) RC_ASSERT(message->size() <= 1000U);
      }
    } catch (const TransportError&) {
      return;
    }
  }));
}

}  // namespace
}  // namespace syncline
