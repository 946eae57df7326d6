#pragma once

#include <optional>
#include <string>

namespace syncline {

/// Holds OpenBLAS to one thread in the whole process. Parallelism comes from workers: OpenBLAS's
/// own threads double the cost of a gradient there, and they change its bits from run to run. Call
/// it once at the start of main, or any time later: it acts on the library that is already loaded,
/// not on the environment. Where another BLAS is in use it does nothing (see below).
void hold_blas_to_one_thread();

/// A line for people if the BLAS in use is not OpenBLAS (matrix products are then 3 to 17 times
/// slower, and its threads can't be held), with the Debian package to install; else nullopt.
[[nodiscard]] std::optional<std::string> blas_warning();

}  // namespace syncline
