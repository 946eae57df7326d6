#include "fleet/training/unlike_data.hpp"

#include "syncline/spec.hpp"

namespace syncline {

std::string data_difference(const ModelConfig& model) {
  const Spec workload = parse_spec(model.workload);
  for (const SpecArgument& argument : workload.arguments) {
    if (argument.key == "unlike" && argument.value != "0") return "model " + model.workload;
  }
  const bool analytic = workload.name == "quadratic" || workload.name == "tridiagonal";
  if (analytic || model.partition == "iid") return "";
  return "partition " + model.partition;
}

std::optional<std::string> unlike_data_warning(const RunConfig& config,
                                               const Requirements& requirements,
                                               const FleetTiming& timing) {
  if (requirements.data_shares == DataShares::equal) return std::nullopt;
  // Workers of one law contribute alike in the long run.
  if (timing.profile.groups().size() < 2) return std::nullopt;
  const std::string why = data_difference(config.model);
  if (why.empty()) return std::nullopt;
  return "the workers differ in data (" + why + ") and in speed, and '" + config.policy +
         "' takes more gradients from the fast ones: it will lean to their data. These count all "
         "workers alike: sync, malenia, ringleader, ia2sgd, rescaled, fedavg";
}

}  // namespace syncline
