#include "fleet/decentralised/network_checks.hpp"

#include <cmath>

#include "syncline/error.hpp"
#include "trace/run_result.hpp"

namespace syncline {
namespace {

void check_number(double value, const char* key) {
  if (std::isfinite(value) && value >= 0) return;
  throw ConfigError(std::string(key) + " must be a finite number from 0 on, not " +
                    std::to_string(value));
}

void check_stop(const StopConfig& stop, bool classifies) {
  check_number(stop.time, "stop.time");
  check_number(stop.target, "stop.target");
  check_number(stop.evaluate_every, "stop.evaluate_every");
  if (stop.updates == 0 && stop.time == 0) {
    throw ConfigError("the run would never end: set stop.updates or stop.time");
  }
  static_cast<void>(metric_value({}, stop.metric));  // refuses an unknown name
  if (stop.target > 0 && stop.metric.ends_with("_error") && !classifies) {
    throw ConfigError("stop.metric: this model classifies nothing, so it has no " + stop.metric +
                      "; use test_loss");
  }
}

void check_optimizer(const OptimizerConfig& optimizer) {
  if (!std::isfinite(optimizer.step_size) || optimizer.step_size <= 0) {
    throw ConfigError("optimizer.step_size must be above 0, not " +
                      std::to_string(optimizer.step_size));
  }
  check_number(optimizer.weight_decay, "optimizer.weight_decay");
  check_number(optimizer.clip, "optimizer.clip");
}

}  // namespace

void check_node_config(const RunConfig& config, bool classifies) {
  const auto only = [&](const char* key, const std::string& value, const std::string& usual) {
    if (value == usual) return;
    throw ConfigError(std::string(key) + ": '" + value + "' can't work with '" + config.policy +
                      "', which has no server; " +
                      (usual.empty() ? "leave it empty" : "leave it at " + usual));
  };
  const RunConfig usual;
  only("optimizer.name", config.optimizer.name, usual.optimizer.name);
  only("optimizer.rule", config.optimizer.rule, usual.optimizer.rule);
  only("optimizer.scaling", config.optimizer.scaling, usual.optimizer.scaling);
  only("server.aggregator", config.server.aggregator, usual.server.aggregator);
  only("server.transform", config.server.transform, usual.server.transform);
  only("worker.codec", config.worker.codec, usual.worker.codec);
  only("worker.pull_codec", config.worker.pull_codec, usual.worker.pull_codec);
  only("worker.momentum", config.worker.momentum == 0 ? "0" : "above 0", "0");
  only("run.log", config.log, "");
  only("run.checkpoint", config.checkpoint, "");
  only("run.resume", config.resume, "");
  only("run.save_model", config.save_model, "");
  if (config.fleet.server_bandwidth != 0) {
    throw ConfigError("fleet.server_bandwidth: '" + config.policy +
                      "' has no server; set fleet.bandwidth, of each node's link");
  }
  if (config.model.batch == 0) throw ConfigError("model.batch must be at least 1");
  check_optimizer(config.optimizer);
  check_stop(config.stop, classifies);
}

}  // namespace syncline
