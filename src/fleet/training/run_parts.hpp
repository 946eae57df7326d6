#pragma once

#include "fleet/worker/program.hpp"
#include "fleet/worker/wire.hpp"
#include "server/parameter_server.hpp"
#include "syncline/config.hpp"
#include "syncline/policy.hpp"
#include "syncline/workload.hpp"

// What a policy brings along and what the user chose, put together, and checked against each other.
namespace syncline {

/// The user's optimizer, or the one that the policy brings. ConfigError if there would be two.
[[nodiscard]] OptimizerConfig server_optimizer(const RunConfig& config,
                                               const Requirements& requirements);

/// Throws ConfigError, with the reason, for transforms, aggregators and codecs that can't work with
/// the policy or with each other.
template <class Real>
[[nodiscard]] ServerLayout server_layout(const RunConfig& config, const Requirements& requirements,
                                         const WorkerProgram<Real>& program,
                                         const Workload<Real>& workload);

/// Has the parameters keep what policy and program want of them, from the start on.
template <class Real>
void prepare_parameters(Parameters<Real>& parameters, const RunConfig& config,
                        const Requirements& requirements, const WorkerProgram<Real>& program,
                        const Workload<Real>& workload);

/// Throws ConfigError, with the reason, for what needs vectors that are whole.
template <class Real>
void check_sharded(const RunConfig& config, const WorkerProgram<Real>& program,
                   const Wire<Real>& wire);

}  // namespace syncline
