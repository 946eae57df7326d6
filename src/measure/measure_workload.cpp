#include "measure/measure_workload.hpp"

#include <algorithm>

#include "measure/curvature.hpp"
#include "measure/gamma.hpp"
#include "measure/hessian.hpp"
#include "measure/noise_model.hpp"
#include "measure/spectrum.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

void check(const MeasureSettings& settings) {
  if (settings.gradients < 2) {
    throw ConfigError("measure.gradients must be at least 2, to see a spread, not " +
                      std::to_string(settings.gradients));
  }
  if (settings.directions == 0) throw ConfigError("measure.directions must be at least 1, not 0");
}

/// Samples that the gradients of all stages have, but for those of gamma.
double expected_samples(const GradientSource& source, const MeasureSettings& settings) {
  const double mean = std::max<double>(1, static_cast<double>(source.samples()));
  const double batch = source.samples() == 0 ? 1 : static_cast<double>(source.batch());
  const auto steps = static_cast<double>(std::min<std::uint64_t>(
      curvature_steps(settings.directions, source.dimension()), source.dimension()));
  const double directions = std::min(steps, static_cast<double>(settings.directions));
  const double products = 2 * steps + (1 + noise_probes) * directions;
  const double choices = source.samples() == 0 ? 0 : choice_gradients;
  const double fresh = source.unseen() == 0 ? 0 : 8;  // four curvatures, each from two points
  return mean * (2 * products + descent_steps + choices + 2) +
         batch * static_cast<double>(settings.gradients) * (descent_points + fresh);
}

PathPoint start_of(GradientSource& source) {
  PathPoint start;
  start.state = source.initial_state();
  start.gradient = source.mean(start.state);
  refuse_unless_finite(start.gradient.loss + norm(start.gradient.value));
  return start;
}

double highest_eigenvalue(const std::vector<SpectralLine>& lines) {
  return lines.empty() ? 0 : lines.back().eigenvalue;
}

}  // namespace

WorkloadConstants measure_workload(const std::shared_ptr<const Workload<double>>& workload,
                                   const RunConfig& config, const MeasureSettings& settings,
                                   const Progress& progress) {
  check(settings);
  WorkDone work(progress);
  GradientSource source(workload, config, settings.samples, work);
  work.expect(expected_samples(source, settings));

  WorkloadConstants constants;
  constants.workload = config.model.workload;
  if (workload->dataset() != nullptr) constants.data = config.model.data;
  constants.seed = config.seed;
  constants.samples = source.samples();
  constants.dimension = workload->dimension() + workload->buffers();
  constants.batch = config.model.batch;

  work.begin("curvature");
  const PathPoint start = start_of(source);
  constants.loss = start.gradient.loss;
  const Vector direction = random_direction(source.dimension(), config.seed, 0);
  const bool flat = norm(start.gradient.value) == 0;
  const double step = choose_step(source, start.state, flat ? direction : start.gradient.value);
  const Curvature first = curvature_at(source, start.state, step, settings, direction);

  work.begin("gradient noise");
  const double highest = first.highest.value;
  const DescentPath path =
      descend(source, start, highest > 0 ? 1 / highest : config.optimizer.step_size, step);
  constants.gradient_norm2 = gradient_norm2(source, start);
  const NoiseModel noise =
      noise_model(source, path.points, constants.gradient_norm2, settings.gradients);
  constants.sigma2 = noise.sigma2;
  constants.m_g = noise.m_g;

  work.begin("curvature");
  const Curvature last = curvature_at(source, path.points.back().state, step, settings,
                                      random_direction(source.dimension(), config.seed, 1));
  work.begin("spectral lines");
  constants.signal =
      signal_lines(source, start, step, settings.directions, constants.gradient_norm2.value);
  constants.noise = noise_lines(source, start, step, settings.directions, noise.variance_at_start);
  const double seen = std::max(
      {path.secant, highest_eigenvalue(constants.signal), highest_eigenvalue(constants.noise)});
  constants.smoothness = join_smoothness({first, last}, seen);
  constants.convexity = join_convexity({first, last});
  if (settings.window > 0) constants.gamma = measure_gamma(config, workload, settings, progress);
  return constants;
}

}  // namespace syncline
