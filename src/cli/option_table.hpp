#pragma once

#include <string>

namespace syncline {

// The table of options: for people, for machines, and as it stands in docs/configuration.md.
[[nodiscard]] std::string option_text();
[[nodiscard]] std::string option_json();
[[nodiscard]] std::string option_markdown();

}  // namespace syncline
