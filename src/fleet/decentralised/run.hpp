#pragma once

#include <memory>
#include <vector>

#include "fleet/decentralised/decentralised_result.hpp"
#include "fleet/decentralised/network.hpp"
#include "fleet/decentralised/outbox.hpp"
#include "fleet/training/compute_pool.hpp"
#include "syncline/progress.hpp"

namespace syncline {

/// One run without a server on the virtual fleet, with real gradients. The result depends on the
/// configuration alone, bit for bit, whatever the number of compute threads.
template <class Real>
class DecentralisedRun {
 public:
  /// Throws ConfigError.
  DecentralisedRun(const RunConfig& config, std::shared_ptr<const Workload<Real>> workload);

  /// Whether the full splits are evaluated at the end.
  void set_final_evaluation(bool wanted) { final_evaluation_ = wanted; }

  DecentralisedResult run(const Progress& progress);

  /// Of each node, after run().
  [[nodiscard]] const std::vector<std::vector<Real>>& models() const { return network_.models(); }

 private:
  Network<Real> network_;
  Outbox<Real> outbox_;
  bool final_evaluation_ = true;
  ComputePool<Real> pool_;  ///< last: its threads use the others
};

/// The same in one call. `config.policy` is a node method (syncline/decentralised.hpp).
template <class Real>
[[nodiscard]] DecentralisedResult run_decentralised(const RunConfig& config,
                                                    std::shared_ptr<const Workload<Real>> workload,
                                                    const Progress& progress);

}  // namespace syncline
