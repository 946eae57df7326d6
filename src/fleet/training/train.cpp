#include "syncline/train.hpp"

#include <nlohmann/json.hpp>

#include "fleet/training/load_workload.hpp"
#include "fleet/training/train_over.hpp"
#include "fleet/training/training_run.hpp"
#include "fleet/training/unlike_data.hpp"
#include "fleet/virtual/run_timing.hpp"
#include "syncline/safetensors.hpp"
#include "trace/config_json.hpp"
#include "trace/document.hpp"
#include "trace/log_ending.hpp"

namespace syncline {
namespace {

template <class Real>
nlohmann::ordered_json train_as(const RunConfig& config, std::optional<WayToWorkers> way,
                                const Progress& progress) {
  const auto workload = load_workload<Real>(config.model);
  const auto timing = run_timing(config, *workload);
  TrainingRun<Real> run(config, workload, timing, std::move(way));
  run.on_point([&](const EvaluationPoint& point) {
    const Metrics& metrics = point.metrics;
    progress.evaluated(
        {point.time, point.update, metrics.test_error, metrics.test_loss, metrics.train_loss});
  });
  if (const auto warning = unlike_data_warning(config, run.requirements(), *timing)) {
    progress.warning(*warning);
  }
  if (!config.replay.empty()) {
    if (const auto warning = unfinished_log(config.replay)) progress.warning(*warning);
  }
  const RunResult result = run.run(progress);
  if (!config.save_model.empty()) {
    write_safetensors<Real>(config.save_model, workload->layout(), run.state());
  }
  return run_document(to_json(config), result);
}

nlohmann::ordered_json train_by(const RunConfig& config, std::optional<WayToWorkers> way,
                                const Progress& progress) {
  return double_precision(config.model) ? train_as<double>(config, std::move(way), progress)
                                        : train_as<float>(config, std::move(way), progress);
}

}  // namespace

nlohmann::ordered_json train(const RunConfig& config, const Progress& progress) {
  return train_by(config, std::nullopt, progress);
}

nlohmann::ordered_json train_over(const RunConfig& config, WayToWorkers way,
                                  const Progress& progress) {
  return train_by(config, std::move(way), progress);
}

}  // namespace syncline
