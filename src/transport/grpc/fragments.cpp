#include "transport/grpc/fragments.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "transport/transport_error.hpp"

namespace syncline {
namespace {

static_assert(std::endian::native == std::endian::little, "lengths are little-endian");

/// Bytes that stay where they are; gRPC lets go of `owner` when it needs them no more.
grpc::Slice slice_of(std::span<const std::byte> bytes, std::shared_ptr<const void> owner) {
  if (bytes.empty()) return {};
  auto kept = std::make_unique<std::shared_ptr<const void>>(std::move(owner));
  const auto let_go = [](void* pointer) {
    delete static_cast<std::shared_ptr<const void>*>(pointer);
  };
  return {const_cast<std::byte*>(bytes.data()), bytes.size(), let_go, kept.release()};
}

}  // namespace

void FragmentQueue::push(OutgoingMessage message) {
  const std::uint64_t length = message.head.size() + message.body.size();
  bytes_ += sizeof length + length + message_overhead;
  const auto head = std::make_shared<const std::vector<std::byte>>(std::move(message.head));
  messages_.push_back({{grpc::Slice(&length, sizeof length), slice_of(*head, head),
                        slice_of(message.body, std::move(message.owner))}});
}

grpc::ByteBuffer FragmentQueue::next() {
  Message& message = messages_.front();
  std::array<grpc::Slice, 3> pieces;
  std::size_t count = 0;
  std::size_t room = largest_fragment;
  while (room > 0 && message.part < message.parts.size()) {
    const grpc::Slice& part = message.parts[message.part];
    const std::size_t take = std::min(room, part.size() - message.offset);
    if (take > 0) pieces[count++] = part.sub(message.offset, message.offset + take);
    message.offset += take;
    room -= take;
    if (message.offset < part.size()) break;
    ++message.part;
    message.offset = 0;
  }
  // A part without bytes must not be left over as a fragment of its own.
  while (message.part < message.parts.size() && message.parts[message.part].size() == 0) {
    ++message.part;
  }
  bytes_ -= largest_fragment - room;
  if (message.part == message.parts.size()) {
    bytes_ -= message_overhead;
    messages_.pop_front();
  }
  return {pieces.data(), count};
}

void FragmentQueue::clear() {
  messages_.clear();
  bytes_ = 0;
}

std::optional<std::vector<std::byte>> Assembler::take(const grpc::ByteBuffer& fragment) {
  std::vector<grpc::Slice> slices;
  if (fragment.Length() == 0 || !fragment.Dump(&slices).ok()) {
    throw FrameError({"malformed frame", "a fragment of a message is empty"});
  }
  for (const grpc::Slice& slice : slices) {
    take_bytes(std::as_bytes(std::span(slice.begin(), slice.size())));
  }
  if (length_known_ < length_bytes_.size() || message_.size() + landed_ < length_) {
    return std::nullopt;
  }
  length_known_ = 0;
  landed_ = 0;
  return std::exchange(message_, {});
}

void Assembler::begin_message() {
  std::memcpy(&length_, length_bytes_.data(), sizeof length_);
  if (length_ > largest_message_) {
    throw FrameError({"oversized message", "a message of " + std::to_string(length_) +
                                               " bytes, more than " +
                                               std::to_string(largest_message_)});
  }
  landing_ = landing_for_ ? landing_for_(length_) : Landing();
  if (landing_.bytes.size() > length_) landing_ = {};
  // Memory that nothing is written to costs nothing.
  message_.reserve(length_ - landing_.bytes.size());
}

void Assembler::take_bytes(std::span<const std::byte> bytes) {
  const auto next = [&](std::size_t most) {
    const auto part = bytes.first(std::min(bytes.size(), most));
    bytes = bytes.subspan(part.size());
    return part;
  };
  if (length_known_ < length_bytes_.size()) {
    const auto part = next(length_bytes_.size() - length_known_);
    std::copy(part.begin(), part.end(), length_bytes_.begin() + static_cast<long>(length_known_));
    length_known_ += part.size();
    if (length_known_ < length_bytes_.size()) return;
    begin_message();
  }
  const auto head = next(length_ - landing_.bytes.size() - message_.size());
  message_.insert(message_.end(), head.begin(), head.end());
  const auto rest = next(landing_.bytes.size() - landed_);
  if (!rest.empty()) std::memcpy(landing_.bytes.data() + landed_, rest.data(), rest.size());
  landed_ += rest.size();
  if (!bytes.empty()) throw FrameError({"malformed frame", "a message is longer than it said"});
}

}  // namespace syncline
