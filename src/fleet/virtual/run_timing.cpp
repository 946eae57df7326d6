#include "fleet/virtual/run_timing.hpp"

#include "fleet/worker/program.hpp"
#include "fleet/worker/wire.hpp"
#include "fleet/worker/worker_parts.hpp"
#include "syncline/attack.hpp"
#include "syncline/policy.hpp"

namespace syncline {
namespace {

/// Of each worker; empty where nobody has one of his own.
template <class Real>
std::vector<double> paces(const RunConfig& config) {
  const auto attack = make_attack<Real>(config.worker.attack, {}, config.fleet.workers);
  if (!attack || attack->pace() == 1) return {};
  std::vector<double> paces(config.fleet.workers, 1.0);
  for (WorkerId worker = 0; worker < paces.size(); ++worker) {
    if (attack->bad(worker)) paces[worker] = attack->pace();
  }
  return paces;
}

}  // namespace

template <class Real>
std::shared_ptr<const FleetTiming> run_timing(const RunConfig& config,
                                              const Workload<Real>& workload) {
  const auto program = make_program<Real>(requirements_of(config).program);
  const MessageBytes bytes =
      message_bytes(workload, config.worker, program->vectors(), program->needs_previous() ? 2 : 1);
  auto timing = std::make_shared<FleetTiming>(config.fleet, bytes.push, bytes.pull);
  timing->pace = paces<Real>(config);
  return timing;
}

template std::shared_ptr<const FleetTiming> run_timing(const RunConfig&, const Workload<float>&);
template std::shared_ptr<const FleetTiming> run_timing(const RunConfig&, const Workload<double>&);

}  // namespace syncline
