#include "fleet/shards/shard_messages.hpp"

#include <optional>
#include <utility>

namespace syncline {
namespace {

class FieldWriter {
 public:
  template <class... Fields>
  void operator()(const Fields&... fields) {
    (write(fields), ...);
  }
  MessageWriter out;

 private:
  void write(const std::string& text) { out.text(text); }
  void write(bool truth) { out.number(static_cast<std::uint8_t>(truth)); }
  template <class Number>
  void write(const Number& number) {
    out.number(number);
  }
};

class FieldReader {
 public:
  explicit FieldReader(std::span<const std::byte> bytes) : in(bytes) {}
  template <class... Fields>
  void operator()(Fields&... fields) {
    (read(fields), ...);
  }
  MessageReader in;

 private:
  void read(std::string& text) { text = in.text(); }
  void read(bool& truth) {
    const auto byte = in.number<std::uint8_t>();
    if (byte > 1) throw MalformedMessage("a truth value is neither 0 nor 1");
    truth = byte == 1;
  }
  template <class Number>
  void read(Number& number) {
    number = in.number<Number>();
  }
};

template <class Message>
std::vector<std::byte> encode_any(Message& message) {
  FieldWriter writer;
  writer.out.number(static_cast<std::uint8_t>(message.index()));
  std::visit([&](auto& each) { each.fields(writer); }, message);
  return writer.out.take();
}

template <class Message>
concept HasBody = Message::has_body;

/// The alternative of that number, with nothing in it yet.
template <class Message, std::size_t... indices>
std::optional<Message> alternative(std::size_t index, std::index_sequence<indices...>) {
  std::optional<Message> made;
  static_cast<void>(
      ((index == indices && (made.emplace(std::in_place_index<indices>), true)) || ...));
  return made;
}

template <class Message>
Message decode_any(std::span<const std::byte> bytes, std::span<const std::byte>& body) {
  FieldReader reader(bytes);
  auto message = alternative<Message>(reader.in.number<std::uint8_t>(),
                                      std::make_index_sequence<std::variant_size_v<Message>>());
  if (!message) throw MalformedMessage("a message is of unknown kind");
  std::visit(
      [&](auto& each) {
        each.fields(reader);
        if constexpr (!HasBody<std::decay_t<decltype(each)>>) reader.in.end();
      },
      *message);
  body = reader.in.rest();
  return *std::move(message);
}

}  // namespace

std::vector<std::byte> encode_message(ToShard message) { return encode_any(message); }
std::vector<std::byte> encode_message(FromShard message) { return encode_any(message); }

ToShard decode_to_shard(std::span<const std::byte> bytes, std::span<const std::byte>& body) {
  return decode_any<ToShard>(bytes, body);
}
FromShard decode_from_shard(std::span<const std::byte> bytes, std::span<const std::byte>& body) {
  return decode_any<FromShard>(bytes, body);
}

}  // namespace syncline
