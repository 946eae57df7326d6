#pragma once

#include <string>

namespace syncline {

/// Version, compiler, libtorch and BLAS: what a bug report needs.
[[nodiscard]] std::string build_facts();

}  // namespace syncline
