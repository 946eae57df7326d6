#include "measure/gamma.hpp"

#include <algorithm>
#include <cmath>

#include "fleet/training/load_workload.hpp"
#include "fleet/training/training_run.hpp"
#include "measure/gradient_source.hpp"
#include "measure/intervals.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

/// Updates of the window that are looked at, evenly spread: neighbours say much the same.
constexpr std::uint64_t most_updates = 512;

/// Sums of one update.
struct Staleness {
  MeanGradient present;
  double moved = 0;  ///< sum of ||grad F(w_j) - grad F(w_tau)||^2
  double gradients = 0;
};

class GammaRecorder {
 public:
  GammaRecorder(GradientSource& source, std::uint64_t warmup, std::uint64_t window)
      : source_(source),
        warmup_(warmup),
        window_(window),
        stride_(1 + (window - 1) / most_updates) {}

  void folded(const Snapshot<double>& present, const Snapshot<double>& read) {
    const std::uint64_t version = present.version;
    if (version < warmup_ || version >= warmup_ + window_) return;
    if ((version - warmup_) % stride_ != 0) return;
    if (version != version_ || !open_) begin(present);
    ++update_.gradients;
    if (read.version != version) update_.moved += distance_from(read);
  }

  /// Call it once, at the end.
  std::optional<MeasuredValue> gamma() {
    close();
    double total = 0;
    for (const double value : below_) total += value;
    if (!(total > 0)) return std::nullopt;
    return from_zero(ratio_interval(above_, below_));
  }

 private:
  void begin(const Snapshot<double>& present) {
    close();
    open_ = true;
    version_ = present.version;
    update_ = {source_.mean(present.state), 0, 0};
  }

  double distance_from(const Snapshot<double>& read) {
    MeanGradient difference = source_.mean(read.state);
    add_scaled(difference.value, -1, update_.present.value);
    // The same samples at both points: most of the error cancels, and so it must in the halves.
    add_scaled(difference.halves, -1, update_.present.halves);
    return source_.squared_length(difference);
  }

  void close() {
    if (!open_) return;
    above_.push_back(update_.moved / update_.gradients);
    below_.push_back(source_.squared_length(update_.present));
    open_ = false;
  }

  GradientSource& source_;
  std::uint64_t warmup_;
  std::uint64_t window_;
  std::uint64_t stride_;
  bool open_ = false;
  std::uint64_t version_ = 0;
  Staleness update_;
  Vector above_;  ///< one entry for each update that was looked at
  Vector below_;
};

/// The run whose window is measured, and nothing beside it.
RunConfig run_of(RunConfig config, const MeasureSettings& settings) {
  const std::uint64_t samples = config.stop.evaluation_samples;
  config.stop = StopConfig{};
  config.stop.updates = settings.warmup + settings.window;
  config.stop.evaluation_samples = samples;
  config.stop.metric = "train_loss";
  config.log.clear();
  config.checkpoint.clear();
  config.resume.clear();
  config.save_model.clear();
  return config;
}

}  // namespace

std::optional<MeasuredValue> measure_gamma(const RunConfig& config,
                                           const std::shared_ptr<const Workload<double>>& workload,
                                           const MeasureSettings& settings,
                                           const Progress& progress) {
  WorkDone work(progress);
  work.begin("gamma of " + config.policy);
  GradientSource source(workload, config, settings.samples, work);
  GammaRecorder recorder(source, settings.warmup, settings.window);

  // Messages are as long as in training, whatever precision is measured in.
  const std::size_t width = double_precision(config.model) ? sizeof(double) : sizeof(float);
  const auto bytes = static_cast<double>((workload->dimension() + workload->buffers()) * width);
  TrainingRun<double> run(run_of(config, settings), workload,
                          std::make_shared<const FleetTiming>(config.fleet, bytes));
  run.set_final_evaluation(false);
  run.watch_folds([&](const Snapshot<double>& present, const Snapshot<double>& read) {
    recorder.folded(present, read);
  });
  const RunResult result = run.run(progress);
  if (result.outcome == Outcome::interrupted) work.did(0);
  if (result.outcome == Outcome::diverged) {
    throw ConfigError("gamma has no value: the run under '" + config.policy +
                      "' diverged at update " + std::to_string(*result.diverged_at) +
                      "; take a smaller step size than " +
                      std::to_string(config.optimizer.step_size));
  }
  return recorder.gamma();
}

}  // namespace syncline
