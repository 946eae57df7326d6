#pragma once

#include "store.hpp"

namespace syncline::repro {

/// Computes the parts of a study that are not stored yet, in their order, and stores each as it
/// ends. Returns false if something is left to do: interrupted, or out of time. `minutes` is when
/// no part is begun any more; 0: no limit.
bool compute_parts(const Store& store, const Study& study, const std::vector<Part>& parts,
                   double minutes, const Progress& progress);

}  // namespace syncline::repro
