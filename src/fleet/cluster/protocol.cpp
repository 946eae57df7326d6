#include "fleet/cluster/protocol.hpp"

namespace syncline {
namespace {

// One function for each message says its fields, for writing and for reading alike.

template <class Io>
void fields(Io& io, Hello& hello) {
  std::uint32_t magic = protocol_magic;
  io(magic);
  if (magic != protocol_magic) throw MalformedMessage("that is no worker of Syncline");
  io(hello.version);
  // A hello of another version may go on otherwise.
  if (hello.version != protocol_version && io.skips_rest()) return;
  io(hello.token), io(hello.incarnation), io(hello.job);
}
template <class Io>
void fields(Io& io, Ready& ready) {
  io(ready.dimension), io(ready.buffers);
}
template <class Io>
void fields(Io& io, Heartbeat& heartbeat) {
  io(heartbeat.taken);
}
template <class Io>
void fields(Io& io, Result& result) {
  io(result.incarnation), io(result.job), io(result.read);
  io(result.steps), io(result.loss), io(result.coded);
}
template <class Io>
void fields(Io& io, StepsDone& progress) {
  io(progress.incarnation), io(progress.job);
}
template <class Io>
void fields(Io& io, GivenUp& given_up) {
  io(given_up.incarnation), io(given_up.job), io(given_up.pieces_done), io(given_up.pieces);
}
template <class Io>
void fields(Io& io, Welcome& welcome) {
  io(welcome.incarnation), io(welcome.worker), io(welcome.heartbeat), io(welcome.config);
  io(welcome.shards);
}
template <class Io>
void fields(Io& io, Refusal& refusal) {
  io(refusal.reason), io(refusal.try_again);
}
template <class Io>
void fields(Io& io, Assignment& assignment) {
  Job& job = assignment.job;
  io(job.worker), io(job.job), io(job.read), io(job.gradient);
  io(job.work.steps), io(job.work.gradients), io(job.work.report);
  io(assignment.step_size), io(assignment.used), io(assignment.read), io(assignment.previous);
  io(assignment.states), io(assignment.has_previous), io(assignment.coded);
  io(assignment.afresh);
}
template <class Io>
void fields(Io& io, CancelJob& cancel) {
  io(cancel.job);
}
template <class Io>
void fields(Io& io, StopJob& stop) {
  io(stop.job);
}
template <class Io>
void fields(Io& io, Goodbye& goodbye) {
  io(goodbye.reason);
}
template <class Io>
void fields(Io&, Beat&) {}

struct Writing {
  MessageWriter writer;
  static bool skips_rest() { return false; }
  void operator()(const std::string& value) { writer.text(value); }
  void operator()(bool value) { writer.number(static_cast<std::uint8_t>(value)); }
  template <class Number>
  void operator()(Number value) {
    writer.number(value);
  }
};

struct Reading {
  MessageReader reader;
  bool skips_rest() {
    reader.take(reader.rest().size());
    return true;
  }
  void operator()(std::string& value) { value = reader.text(); }
  void operator()(bool& value) {
    const auto byte = reader.number<std::uint8_t>();
    if (byte > 1) throw MalformedMessage("a message has a truth value of " + std::to_string(byte));
    value = byte == 1;
  }
  template <class Number>
  void operator()(Number& value) {
    value = reader.number<Number>();
  }
};

template <class Message>
constexpr bool has_body = std::is_same_v<Message, Result> || std::is_same_v<Message, Assignment>;

template <class Says>
std::vector<std::byte> encode_any(const Says& message) {
  Writing io;
  io(static_cast<std::uint8_t>(message.index()));
  std::visit([&](auto copy) { fields(io, copy); }, message);
  return io.writer.take();
}

template <class Says, std::size_t kind = 0>
Says read_kind(std::size_t wanted, Reading& io, std::span<const std::byte>& body) {
  if constexpr (kind == std::variant_size_v<Says>) {
    throw MalformedMessage("a message has the unknown kind " + std::to_string(wanted));
  } else {
    if (wanted != kind) return read_kind<Says, kind + 1>(wanted, io, body);
    std::variant_alternative_t<kind, Says> message;
    fields(io, message);
    if constexpr (has_body<decltype(message)>) {
      body = io.reader.rest();
    } else {
      body = {};
      io.reader.end();
    }
    return message;
  }
}

template <class Says>
Says decode_any(std::span<const std::byte> bytes, std::span<const std::byte>& body) {
  Reading io{MessageReader(bytes)};
  const auto kind = io.reader.number<std::uint8_t>();
  return read_kind<Says>(kind, io, body);
}

}  // namespace

std::vector<std::byte> encode(const WorkerSays& message) { return encode_any(message); }
std::vector<std::byte> encode(const ServerSays& message) { return encode_any(message); }

WorkerSays decode_from_worker(std::span<const std::byte> bytes, std::span<const std::byte>& body) {
  return decode_any<WorkerSays>(bytes, body);
}
ServerSays decode_from_server(std::span<const std::byte> bytes, std::span<const std::byte>& body) {
  return decode_any<ServerSays>(bytes, body);
}

}  // namespace syncline
