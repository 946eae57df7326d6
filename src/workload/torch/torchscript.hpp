#pragma once

#include "syncline/workload.hpp"

namespace syncline {

/// The row `torchscript(file=model.pt)`: a model of the user's own, saved by torch.jit.script or
/// torch.jit.trace. The initial state is the file's, whatever the seed. Construction throws
/// DataError if the file is missing, does not parse, or is refused by inspect_model.
[[nodiscard]] RegistryEntry<WorkloadFactory> torchscript_entry();

}  // namespace syncline
