#pragma once

#include "fleet/decentralised/node_clock.hpp"
#include "fleet/decentralised/node_record.hpp"
#include "fleet/decentralised/outbox.hpp"

namespace syncline {

/// AD-PSGD (Lian, Zhang, Zhang, Liu, arXiv 1710.06952), from the present models to the end of the
/// run. Nobody waits for anybody: a node computes a gradient at its own model, exchanges models
/// with one random neighbour, and at the end of the exchange, in one instant, both have the mean of
/// their models of that instant and the node subtracts its gradient.
template <class Real>
void run_pairs(Network<Real>& network, Outbox<Real>& outbox, ComputePool<Real>& pool,
               NodeRecord<Real>& record);

}  // namespace syncline
