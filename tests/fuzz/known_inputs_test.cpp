// The fuzz targets on what is known: their seeds, damaged everywhere, and all earlier findings.

#include <vector>

#include <doctest/doctest.h>

#include "all_targets.hpp"

namespace syncline::fuzz {
namespace {

/// What the byte at a place is changed to: a neighbour, and what means something to some format,
/// another thing at each place.
std::vector<char> changes_of(char byte, std::size_t place) {
  constexpr char meanings[] = {'\0', '\xff', '\x80', '9', '-', '"', '[', '\n'};
  return {static_cast<char>(byte ^ 1), meanings[place % sizeof meanings]};
}

/// Places to change: all of them, but in long inputs only some.
std::size_t stride_of(const std::string& input) { return 1 + input.size() / 1000; }

TEST_CASE("a fuzz target's seeds are accepted") {
  for (const Target* target : all_targets()) {
    CAPTURE(target->name);
    const auto seeds = target->seeds();
    CHECK_FALSE(seeds.empty());
    for (const auto& seed : seeds) {
      CAPTURE(seed);
      CHECK(accepts(*target, seed));
    }
  }
}

TEST_CASE("what fuzzing has found is accepted or refused with a reason, and no more") {
  for (const Target* target : all_targets()) {
    for (const auto& known : known_inputs(*target, SYNCLINE_CORPUS)) {
      CAPTURE(target->name);
      CAPTURE(known.first);
      CHECK_NOTHROW(static_cast<void>(accepts(*target, known.second)));
    }
  }
}

TEST_CASE("brackets deeper than any stack are refused") {
  constexpr std::size_t depth = 1'000'000;
  const std::string deep = "{\"event\": " + std::string(depth, '[') + std::string(depth, ']') + "}";
  for (const Target* target : all_targets()) {
    CAPTURE(target->name);
    if (target->name == std::string("codec")) continue;  // to it, all bytes are numbers
    // The first letter says which file of a checkpoint it is.
    const std::string kind = target->name == std::string("checkpoint") ? "s" : "";
    CHECK_FALSE(accepts(*target, kind + deep));
  }
}

TEST_CASE("seeds, cut anywhere, are accepted or refused with a reason, and no more") {
  for (const Target* target : all_targets()) {
    CAPTURE(target->name);
    for (const auto& seed : target->seeds()) {
      for (std::size_t length = 0; length < seed.size(); length += stride_of(seed)) {
        CAPTURE(length);
        REQUIRE_NOTHROW(static_cast<void>(accepts(*target, seed.substr(0, length))));
      }
    }
  }
}

TEST_CASE("seeds, a byte changed anywhere, are accepted or refused with a reason, and no more") {
  for (const Target* target : all_targets()) {
    CAPTURE(target->name);
    for (const auto& seed : target->seeds()) {
      for (std::size_t place = 0; place < seed.size(); place += stride_of(seed)) {
        for (const char byte : changes_of(seed[place], place)) {
          std::string changed = seed;
          changed[place] = byte;
          CAPTURE(place);
          CAPTURE(byte);
          REQUIRE_NOTHROW(static_cast<void>(accepts(*target, changed)));
        }
      }
    }
  }
}

}  // namespace
}  // namespace syncline::fuzz
