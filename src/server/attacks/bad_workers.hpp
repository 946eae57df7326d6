#pragma once

#include <cstdint>
#include <vector>

#include "syncline/spec.hpp"

namespace syncline {

/// The parameters that say who is bad, which every attack has.
[[nodiscard]] std::vector<Parameter> bad_worker_parameters();

/// [worker]: whether it is bad. Throws ConfigError if one doesn't exist.
[[nodiscard]] std::vector<bool> bad_workers(const Arguments& arguments, std::uint32_t workers);

}  // namespace syncline
