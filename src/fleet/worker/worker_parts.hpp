#pragma once

#include <functional>
#include <memory>

#include "syncline/config.hpp"
#include "syncline/delay_law.hpp"
#include "syncline/policy.hpp"
#include "syncline/workload.hpp"

// What a worker needs of a run besides its model, wherever it computes.
namespace syncline {

/// What the policy of a run needs, where the fleet is not known that it may ask about.
[[nodiscard]] Requirements requirements_of(const RunConfig& config);

/// Null for workloads without data. Throws ConfigError.
template <class Real>
[[nodiscard]] std::unique_ptr<Sampler> make_sampler(const RunConfig& config,
                                                    const Workload<Real>& workload);

/// Whether a worker is a faulty one whose labels are wrong. Throws ConfigError.
template <class Real>
[[nodiscard]] std::function<bool(WorkerId)> label_flipper(const RunConfig& config,
                                                          const Workload<Real>& workload);

/// Micro-batches that a gradient is computed in.
[[nodiscard]] std::uint32_t pieces_of_gradient(const RunConfig& config);

/// Of fleet.inject_delay; null for none. Throws ConfigError.
[[nodiscard]] std::shared_ptr<const DelayProfile> injected_delay(const RunConfig& config);

}  // namespace syncline
