#pragma once

#include "syncline/config.hpp"

namespace syncline {

/// Throws ConfigError for what no run can be made of, and for settings of a server that nodes
/// without one would silently ignore.
void check_node_config(const RunConfig& config, bool classifies);

}  // namespace syncline
