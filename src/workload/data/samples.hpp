#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>

#include "syncline/dataset.hpp"

namespace syncline {

/// More classes than this is a corrupt label file rather than a task: a model would need a row of
/// weights for each.
inline constexpr std::int64_t most_classes = 65536;

/// Product of a file's dimensions, or nullopt if it overflows.
[[nodiscard]] std::optional<std::size_t> checked_product(std::span<const std::size_t> shape);

/// Sets count, channels, height and width from a shape: n x f (tabular), n x h x w (one channel),
/// n x c x h x w. Returns false for any other number of dimensions and for an empty one.
[[nodiscard]] bool set_shape(Samples& samples, std::span<const std::size_t> shape);

/// Joins the two splits of a data set read from files: as many labels as samples, equal sample
/// shapes, the number of classes from the training labels, and test labels within it.
/// Throws DataError that names the folder or file `where`.
void check_splits(Dataset& dataset, const std::filesystem::path& where);

}  // namespace syncline
