// Fragments of hostile peers: refused, never more.

#include "transport/grpc/fragments.hpp"

#include <cstring>
#include <string>

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

TEST_CASE("a message travels as docs/protocol.md shows it") {
  FragmentQueue outbox;
  outbox.push(outgoing({std::byte{0xaa}, std::byte{0xbb}, std::byte{0xcc}}, 1));
  std::vector<grpc::Slice> slices;
  REQUIRE(outbox.next().Dump(&slices).ok());
  std::string sent;
  for (const grpc::Slice& slice : slices) {
    sent.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  using namespace std::string_literals;
  CHECK(sent == "\x03\0\0\0\0\0\0\0\xaa\xbb\xcc"s);
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

TEST_CASE("the end of a message is written to its landing, however its bytes are cut") {
  rc::check([] {
    const auto sizes =
        *rc::gen::container<std::vector<std::size_t>>(3, rc::gen::inRange<std::size_t>(0, 60));
    std::vector<std::size_t> landings;
    Bytes wire;
    for (const std::size_t size : sizes) {
      landings.push_back(*rc::gen::inRange<std::size_t>(0, size + 3));
      Bytes message = with_length(size, size);
      const Bytes content = pattern(size, 7);
      std::copy(content.begin(), content.end(), message.begin() + sizeof(std::uint64_t));
      wire.insert(wire.end(), message.begin(), message.end());
    }
    std::size_t asked = 0, came = 0;
    Assembler assembler(largest,
                        [&](std::size_t) { return testing::landing_of(landings[asked++]); });
    // A fragment never has parts of two messages.
    std::size_t end = 0;
    for (std::size_t i = 0, at = 0; i < sizes.size(); ++i) {
      for (end += sizeof(std::uint64_t) + sizes[i]; at < end;) {
        const std::size_t take = *rc::gen::inRange<std::size_t>(1, end - at + 1);
        const auto first = wire.begin() + static_cast<std::ptrdiff_t>(at);
        auto head = assembler.take(buffer(Bytes(first, first + static_cast<std::ptrdiff_t>(take))));
        at += take;
        RC_ASSERT(head.has_value() == (at == end));
        if (!head) continue;
        const Landing landing = assembler.take_landing();
        RC_ASSERT(landing.bytes.size() == (landings[i] <= sizes[i] ? landings[i] : 0));
        head->insert(head->end(), landing.bytes.begin(), landing.bytes.end());
        RC_ASSERT(*head == pattern(sizes[i], 7));
        ++came;
      }
    }
    RC_ASSERT(came == sizes.size());
  });
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
