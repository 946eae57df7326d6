#pragma once

#include "syncline/codec.hpp"

namespace syncline {

inline Stream codec_stream(Direction direction) {
  return direction == Direction::push ? Stream::push_codec : Stream::pull_codec;
}

}  // namespace syncline
