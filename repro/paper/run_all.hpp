#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "store.hpp"

namespace syncline::repro {

/// How training runs are carried out.
struct RunSettings {
  std::uint32_t threads = 0;          ///< runs at a time, one core each; 0: one per core
  std::filesystem::path checkpoints;  ///< folder of the unfinished ones
  double minutes = 0;                 ///< after which none is begun any more; 0: no limit
};

/// Carries out the runs of a study that are not stored yet, in their order, and stores each as it
/// ends, also when it is interrupted. Such a run continues from its checkpoint next time, and so
/// does a stored one whose limit was raised since, if its checkpoint is still there. One whose
/// settings were changed is run anew. Returns false if something is left to do: interrupted, or out
/// of time.
bool run_all(const Store& store, const Study& study, const std::vector<Run>& runs,
             const RunSettings& settings, const Progress& progress);

}  // namespace syncline::repro
