#pragma once

#include <cstdio>
#include <string>

namespace syncline {

/// A sentence with numbers in it, in printf's format.
template <class... Numbers>
[[nodiscard]] std::string words(const char* format, Numbers... numbers) {
  char text[512];
  std::snprintf(text, sizeof text, format, numbers...);
  return text;
}

}  // namespace syncline
