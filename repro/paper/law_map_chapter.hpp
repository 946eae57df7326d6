#pragma once

#include <string>

#include "study.hpp"

// The page of the map.
namespace syncline::repro::law_map {

[[nodiscard]] std::string original_text();
[[nodiscard]] std::string settings_text();
[[nodiscard]] Chapter chapter(const Results& results);

}  // namespace syncline::repro::law_map
