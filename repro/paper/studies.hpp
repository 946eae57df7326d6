#pragma once

#include "study.hpp"

namespace syncline::repro {

/// All studies, in the order of the pages.
[[nodiscard]] const std::vector<Study>& studies();

/// Throws ConfigError that names those there are.
[[nodiscard]] const Study& study_named(const std::string& id);

// One file each.
[[nodiscard]] Study adasync_lenet();

}  // namespace syncline::repro
