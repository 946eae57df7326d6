#include "chaos/message_reader.hpp"

#include <algorithm>

namespace syncline {
namespace {

constexpr std::uint8_t data_frame = 0, padded_flag = 8;

std::uint32_t big_endian(const std::uint8_t* bytes, std::size_t count) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < count; ++i) value = value << 8U | bytes[i];
  return value;
}

std::uint64_t little_endian(const std::uint8_t* bytes, std::size_t count) {
  std::uint64_t value = 0;
  for (std::size_t i = count; i > 0; --i) value = value << 8U | bytes[i - 1];
  return value;
}

std::size_t skip(std::span<const std::uint8_t>& bytes, std::uint64_t count) {
  const auto skipped = static_cast<std::size_t>(std::min<std::uint64_t>(count, bytes.size()));
  bytes = bytes.subspan(skipped);
  return skipped;
}

}  // namespace

template <std::size_t length>
bool MessageReader::Collected<length>::take(std::span<const std::uint8_t>& from) {
  const std::size_t count = std::min(length - have, from.size());
  std::copy_n(from.begin(), count, bytes + have);
  have += count;
  from = from.subspan(count);
  return have == length;
}

std::vector<MessageMark> MessageReader::read(std::span<const std::uint8_t> bytes) {
  std::vector<MessageMark> marks;
  auto rest = bytes;
  preface_left_ -= skip(rest, preface_left_);
  while (!rest.empty()) {
    if (frame_left_ == 0) {
      if (header_.take(rest)) begin_frame();
      continue;
    }
    if (padded_) {
      padding_ = std::min<std::uint64_t>(rest.front(), frame_left_ - 1);
      padded_ = false;
      frame_left_ -= skip(rest, 1);
      continue;
    }
    if (data_ && frame_left_ > padding_) {
      const std::size_t at = bytes.size() - rest.size();
      const auto data = rest.first(
          static_cast<std::size_t>(std::min<std::uint64_t>(frame_left_ - padding_, rest.size())));
      take_data(calls_[stream_], data, at, marks);
      frame_left_ -= skip(rest, data.size());
      continue;
    }
    frame_left_ -= skip(rest, frame_left_);
  }
  return marks;
}

void MessageReader::begin_frame() {
  const std::uint8_t* header = header_.bytes;
  frame_left_ = big_endian(header, 3);
  data_ = header[3] == data_frame;
  padded_ = data_ && (header[4] & padded_flag) != 0 && frame_left_ > 0;
  padding_ = 0;
  stream_ = big_endian(header + 5, 4) & 0x7fffffffU;
  header_.have = 0;
}

void MessageReader::take_data(Call& call, std::span<const std::uint8_t> data, std::size_t at,
                              std::vector<MessageMark>& marks) {
  auto rest = data;
  while (!rest.empty()) {
    if (call.fragment_left == 0) {
      if (!call.header.take(rest)) return;
      call.header.have = 0;
      call.fragment_left = big_endian(call.header.bytes + 1, 4);
      continue;
    }
    const auto fragment = rest.first(
        static_cast<std::size_t>(std::min<std::uint64_t>(call.fragment_left, rest.size())));
    take_fragment(call, fragment, at + (data.size() - rest.size()), marks);
    call.fragment_left -= skip(rest, fragment.size());
  }
}

void MessageReader::take_fragment(Call& call, std::span<const std::uint8_t> bytes, std::size_t at,
                                  std::vector<MessageMark>& marks) {
  auto rest = bytes;
  while (!rest.empty()) {
    if (call.message_left == 0) {
      if (!call.length.take(rest)) return;
      call.length.have = 0;
      call.message_left = little_endian(call.length.bytes, 8);
      continue;
    }
    const auto here = [&] { return at + (bytes.size() - rest.size()); };
    if (!call.begun) {
      call.begun = true;
      call.kind = rest.front();
      marks.push_back({here(), call.kind, false});
    }
    call.message_left -= skip(rest, call.message_left);
    if (call.message_left > 0) return;
    call.begun = false;
    marks.push_back({here(), call.kind, true});
  }
}

}  // namespace syncline
