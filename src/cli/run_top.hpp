#pragma once

#include <string>
#include <vector>

#include "syncline/error.hpp"

namespace syncline {

/// The orders in which `top` can show workers; the first is the default.
[[nodiscard]] const std::vector<std::string>& top_orders();

struct TopFlags {
  std::string log, metrics;  ///< one of the two
  std::string order = top_orders().front();
  double every = 1;  ///< seconds between views
  bool once = false;
};

/// What `top` does: shows a run until it is over, or q, or Ctrl-C.
[[nodiscard]] ExitCode run_top(const TopFlags& flags);

}  // namespace syncline
