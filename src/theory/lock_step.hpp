#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace syncline {

/// Staleness where every job of every worker takes the same time. Simultaneous pushes are served in
/// the order of the workers, and an update comes before the rest of its instant.

/// K-batch-async: pushes come in a fixed order for ever.
[[nodiscard]] std::vector<double> lock_step_batch_async(std::uint64_t workers, std::uint64_t k);

/// K-async: the pattern of waiting workers is followed until it repeats; nullopt if that takes too
/// long.
[[nodiscard]] std::optional<std::vector<double>> lock_step_async(std::uint64_t workers,
                                                                 std::uint64_t k);

}  // namespace syncline
