#pragma once

#include <cstdint>
#include <string>

namespace syncline {

/// One thing that is promised, and what the drill has found.
struct PromiseFound {
  enum class Judgement : std::uint8_t { kept, broken, not_judged };
  std::string promise;
  std::string found;
  Judgement judgement = Judgement::not_judged;
};

}  // namespace syncline
