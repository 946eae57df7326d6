#pragma once

#include <string_view>

namespace syncline::fuzz {

/// Does what `syncline fit` does with the file: reads step times from an event log or a table, fits
/// laws to them, and checks the document.
void take_timings(std::string_view input);

}  // namespace syncline::fuzz
