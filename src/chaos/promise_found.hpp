#pragma once

#include <cstdint>
#include <cstdio>
#include <string>

namespace syncline {

/// One thing that is promised, and what the drill has found.
struct PromiseFound {
  enum class Judgement : std::uint8_t { kept, broken, not_judged };
  std::string promise;
  std::string found;
  Judgement judgement = Judgement::not_judged;
};

[[nodiscard]] inline PromiseFound::Judgement kept_if(bool kept) {
  return kept ? PromiseFound::Judgement::kept : PromiseFound::Judgement::broken;
}

/// A value in words, by a format of printf's.
[[nodiscard]] inline std::string text(const char* format, double value) {
  char line[64];
  std::snprintf(line, sizeof line, format, value);
  return line;
}

}  // namespace syncline
