#pragma once

#include <memory>

#include "syncline/workload.hpp"

namespace syncline {

/// Softmax regression (paper.md section 6): logits = W x + b, loss = mean cross-entropy
/// + lambda ||W||_F^2, the bias free; W and b start as N(0, init^2) draws. State: W
/// (classes x features, row-major), then b. Works on any data set; no augmentation, CPU only.
/// Replicas need the process's OpenBLAS held to one thread to be reproducible.
template <class Real>
[[nodiscard]] std::shared_ptr<const Workload<Real>> make_softmax(const Arguments& arguments,
                                                                 const WorkloadContext& context);

}  // namespace syncline
