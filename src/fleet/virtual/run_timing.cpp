#include "fleet/virtual/run_timing.hpp"

#include "fleet/worker/program.hpp"
#include "fleet/worker/wire.hpp"
#include "syncline/policy.hpp"

namespace syncline {
namespace {

/// What the policy needs, before the fleet that it may ask about is known.
Requirements requirements_of(const RunConfig& config) {
  PolicyContext context;
  context.workers = config.fleet.workers;
  context.runtimes = [](const std::string&, std::uint64_t k_max) {
    return std::vector<double>(k_max, 1.0);
  };
  return make_policy(config.policy, context)->requirements();
}

}  // namespace

template <class Real>
std::shared_ptr<const FleetTiming> run_timing(const RunConfig& config,
                                              const Workload<Real>& workload) {
  const auto program = make_program<Real>(requirements_of(config).program);
  const MessageBytes bytes =
      message_bytes(workload, config.worker, program->vectors(), program->needs_previous() ? 2 : 1);
  return std::make_shared<const FleetTiming>(config.fleet, bytes.push, bytes.pull);
}

template std::shared_ptr<const FleetTiming> run_timing(const RunConfig&, const Workload<float>&);
template std::shared_ptr<const FleetTiming> run_timing(const RunConfig&, const Workload<double>&);

}  // namespace syncline
