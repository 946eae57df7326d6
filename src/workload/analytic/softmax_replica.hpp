#pragma once

#include <cstddef>
#include <memory>

#include "syncline/workload.hpp"
#include "workload/data/normaliser.hpp"

namespace syncline {

/// What all replicas of one softmax regression share. Immutable.
template <class Real>
struct SoftmaxTask {
  std::shared_ptr<const Dataset> data;
  Normaliser<Real> normaliser;
  std::size_t features;
  std::size_t classes;
  double lambda;  ///< weight of ||W||_F^2
};

/// Gradients and evaluations of softmax.hpp's loss by two matrix products per batch. `task` must
/// outlive the replica.
template <class Real>
[[nodiscard]] std::unique_ptr<Replica<Real>> make_softmax_replica(const SoftmaxTask<Real>& task);

}  // namespace syncline
