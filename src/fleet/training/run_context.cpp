#include "fleet/training/run_context.hpp"

#include "fleet/training/unlike_data.hpp"
#include "fleet/virtual/runtimes.hpp"
#include "syncline/step_size.hpp"

namespace syncline {

PolicyContext run_context(const RunConfig& config,
                          const std::shared_ptr<const FleetTiming>& timing) {
  PolicyContext context = policy_context(timing, config.seed);
  context.step_size_factor = [scaling = config.optimizer.scaling, workers = config.fleet.workers](
                                 double k) { return step_size_scaling(scaling, k, workers); };
  context.shrink = shrinks(config.fleet);
  context.unlike_data = !data_difference(config.model).empty();
  return context;
}

}  // namespace syncline
