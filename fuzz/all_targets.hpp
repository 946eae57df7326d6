#pragma once

#include <vector>

#include "target.hpp"

namespace syncline::fuzz {

[[nodiscard]] const std::vector<const Target*>& all_targets();

}  // namespace syncline::fuzz
