#include "chaos/message_reader.hpp"

#include <algorithm>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "http2_bytes.hpp"

namespace syncline {
namespace {

using namespace testing;

std::vector<MessageMark> read_in_pieces(bool from_client, const std::string& bytes,
                                        const std::vector<std::size_t>& pieces) {
  MessageReader reader(from_client);
  std::vector<MessageMark> marks;
  std::size_t at = 0;
  for (std::size_t i = 0; at < bytes.size(); ++i) {
    const std::size_t wanted = pieces.empty() ? bytes.size() : pieces[i % pieces.size()];
    const std::size_t count = std::min(wanted, bytes.size() - at);
    const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data()) + at;
    for (MessageMark mark : reader.read({data, count})) {
      mark.at += at;
      marks.push_back(mark);
    }
    at += count;
  }
  return marks;
}

TEST_CASE("a message begins with its kind and ends behind its last byte") {
  const std::string first = preface + frame(4, 0, 0, "") + frame(1, 4, 1, "headers");
  const std::string bytes = first + as_sent(2, "12345678") + as_sent(5, "");
  const std::size_t kind = first.size() + 9 + 5 + 8;
  const std::size_t other = kind + 9 + 9 + 5 + 8;
  const std::vector<MessageMark> marks = {
      {kind, 2, false}, {kind + 9, 2, true}, {other, 5, false}, {other + 1, 5, true}};
  CHECK(read_in_pieces(true, bytes, {}) == marks);
  CHECK(read_in_pieces(true, bytes, {1}) == marks);
}

/// Bytes that carry messages in fragments, frames with padding, and frames of other kinds between
/// them, and where the messages lie in them.
struct Carried {
  std::string bytes;
  std::vector<MessageMark> marks;
  std::uint32_t stream;

  /// DATA frames of at most so many bytes, padded by `padding` where it is not 0. `marked`: places
  /// in `data` that are messages' kinds or ends.
  void add_data(const std::string& data, std::size_t longest, std::uint8_t padding,
                const std::vector<MessageMark>& marked) {
    for (std::size_t done = 0; done < data.size();) {
      const std::string part = data.substr(done, longest);
      std::string payload = part;
      std::size_t begin = bytes.size() + 9;
      if (padding > 0) {
        payload = static_cast<char>(padding) + part + std::string(padding, '\0');
        ++begin;
      }
      for (const MessageMark& mark : marked) {
        const std::size_t last = mark.end ? mark.at - 1 : mark.at;  // a byte of the message
        if (last < done || last >= done + part.size()) continue;
        marks.push_back({begin + (mark.at - done), mark.kind, mark.end});
      }
      bytes += frame(0, padding > 0 ? 8 : 0, stream, payload);
      bytes += frame(6, 0, 0, "pingping") + frame(8, 0, stream, std::string(4, '\1'));
      done += part.size();
    }
  }
};

TEST_CASE("messages are found however their bytes are fragmented, framed, padded and cut") {
  CHECK(rc::check([] {
    const bool from_client = *rc::gen::arbitrary<bool>();
    Carried carried;
    carried.stream = *rc::gen::element(1U, 3U, 2147483647U);
    if (from_client) carried.bytes = preface;
    const int messages = *rc::gen::inRange(0, 6);
    for (int i = 0; i < messages; ++i) {
      const auto kind = *rc::gen::inRange<std::uint8_t>(0, 7);
      const std::string message =
          static_cast<char>(kind) + std::string(*rc::gen::inRange<std::size_t>(0, 300), 'x');
      const std::string carried_bytes = little_endian(message.size(), 8) + message;
      const auto fragment = *rc::gen::inRange<std::size_t>(1, 400);
      std::string data;
      std::vector<MessageMark> marked;
      for (std::size_t done = 0; done < carried_bytes.size(); done += fragment) {
        const std::string part = carried_bytes.substr(done, fragment);
        const std::size_t begin = data.size() + 5;  // of this part
        const auto place = [&](std::size_t at) { return begin + (at - done); };
        if (8 >= done && 8 < done + part.size()) marked.push_back({place(8), kind, false});
        if (carried_bytes.size() == done + part.size()) {
          marked.push_back({place(carried_bytes.size()), kind, true});
        }
        data += grpc_message(part);
      }
      carried.add_data(data, *rc::gen::inRange<std::size_t>(1, 500),
                       *rc::gen::element<std::uint8_t>(0, 0, 1, 200), marked);
    }
    const auto pieces =
        *rc::gen::nonEmpty(rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange(1, 60)));
    RC_ASSERT(read_in_pieces(from_client, carried.bytes, pieces) == carried.marks);
    RC_ASSERT(carried.marks.size() == 2U * static_cast<std::size_t>(messages));
  }));
}

TEST_CASE("each call has its own messages, even if their frames take turns") {
  const std::string one = grpc_message(little_endian(3, 8) + "\1ab");
  const std::string other = grpc_message(little_endian(2, 8) + "\2c");
  const std::string bytes =
      frame(0, 0, 1, one.substr(0, 7)) + frame(0, 0, 3, other) + frame(0, 0, 1, one.substr(7));
  const auto marks = read_in_pieces(false, bytes, {});
  REQUIRE(marks.size() == 4);
  CHECK(marks[0].kind == 2);
  CHECK(marks[1].kind == 2);
  CHECK(marks[2].kind == 1);
  CHECK(marks[3] == MessageMark{bytes.size(), 1, true});
}

}  // namespace
}  // namespace syncline
