#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "top/frame.hpp"

namespace syncline {

/// How large a view may be. Rows that don't fit are counted in a last line.
struct ViewSize {
  std::size_t columns = SIZE_MAX;
  std::size_t lines = SIZE_MAX;
};

/// The lines of the view, without line ends. In colour, codes of ECMA-48 stand around cells.
[[nodiscard]] std::vector<std::string> render(const RunFrame& frame, ViewSize size, bool colour);

}  // namespace syncline
