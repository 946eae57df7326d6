#pragma once

#include "fleet/decentralised/node_clock.hpp"
#include "fleet/decentralised/node_record.hpp"
#include "fleet/decentralised/outbox.hpp"

namespace syncline {

/// Methods with rounds, from the present models to the end of the run. In a round each node sends
/// its model, hears its neighbours' and computes a gradient at its own, all at the same time; the
/// round is over when the slowest node has its gradient and its messages.
template <class Real>
void run_rounds(Network<Real>& network, Outbox<Real>& outbox, ComputePool<Real>& pool,
                NodeRecord<Real>& record);

}  // namespace syncline
