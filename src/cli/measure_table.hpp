#pragma once

#include <string>

#include "syncline/measure.hpp"

namespace syncline {

/// Constants for people; `policy` is the one that gamma belongs to.
[[nodiscard]] std::string measure_table(const WorkloadConstants& constants,
                                        const std::string& policy);

}  // namespace syncline
