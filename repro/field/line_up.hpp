#pragma once

#include "field/tuned.hpp"

namespace syncline::repro {

/// The algorithms that are raced on fleets of alike data, with the parameters that are tried.
/// `limits`: K, batch, and staleness limits.
[[nodiscard]] std::vector<Entry> line_up(const std::vector<std::uint64_t>& limits);

/// Powers of two, from 2^first to 2^last.
[[nodiscard]] std::vector<double> powers_of_two(int first, int last);

}  // namespace syncline::repro
