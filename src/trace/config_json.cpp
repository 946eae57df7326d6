#include "trace/config_json.hpp"

#include <nlohmann/json.hpp>

namespace syncline {
namespace {

nlohmann::ordered_json to_json(const ModelConfig& config) {
  return {{"workload", config.workload},   {"data", config.data},
          {"partition", config.partition}, {"augmentation", config.augmentation},
          {"batch", config.batch},         {"precision", config.precision},
          {"device", config.device}};
}

nlohmann::ordered_json to_json(const OptimizerConfig& config) {
  return {{"name", config.name},         {"step_size", config.step_size},
          {"rule", config.rule},         {"schedule", config.schedule},
          {"scaling", config.scaling},   {"weight_decay", config.weight_decay},
          {"clip", config.clip}};
}

nlohmann::ordered_json to_json(const StopConfig& config) {
  return {{"updates", config.updates},
          {"time", config.time},
          {"metric", config.metric},
          {"target", config.target},
          {"evaluate_every", config.evaluate_every},
          {"evaluation_samples", config.evaluation_samples}};
}

}  // namespace

nlohmann::ordered_json to_json(const FleetConfig& config) {
  return {{"workers", config.workers},
          {"delay", config.delay},
          {"slowness", config.slowness},
          {"latency", config.latency},
          {"bandwidth", config.bandwidth},
          {"server_bandwidth", config.server_bandwidth},
          {"restart_cost", config.restart_cost}};
}

nlohmann::ordered_json to_json(const RunConfig& config) {
  return {{"run", {{"policy", config.policy}, {"seed", config.seed}}},
          {"fleet", to_json(config.fleet)},
          {"model", to_json(config.model)},
          {"optimizer", to_json(config.optimizer)},
          {"stop", to_json(config.stop)}};
}

nlohmann::ordered_json to_json(const RaceConfig& config) {
  nlohmann::ordered_json json = to_json(config.run);
  json["run"].erase("policy");
  json["race"] = {{"title", config.title},
                  {"policies", config.policies},
                  {"seeds", config.seeds},
                  {"step_sizes", config.step_sizes},
                  {"step_size_grid", config.step_size_grid},
                  {"tuning_seeds", config.tuning_seeds}};
  return json;
}

nlohmann::ordered_json to_json(const SimulationConfig& config) {
  return {{"run",
           {{"policy", config.policy},
            {"seed", config.seed},
            {"updates", config.updates},
            {"include_startup", config.include_startup},
            {"message_bytes", config.message_bytes}}},
          {"fleet", to_json(config.fleet)}};
}

}  // namespace syncline
