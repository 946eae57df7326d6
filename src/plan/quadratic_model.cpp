#include "plan/quadratic_model.hpp"

#include <algorithm>
#include <cmath>

#include "syncline/error.hpp"

namespace syncline {
namespace {

/// Copies of a line of noise: enough that a sum of squares is as steady as in many dimensions.
constexpr std::size_t most_copies = 4;

/// Curvature below this share of the largest is flat: no run is long enough to feel it.
constexpr double flat = 1e-9;

double largest_eigenvalue(const std::vector<SpectralLine>& lines) {
  double largest = 0;
  for (const SpectralLine& line : lines) largest = std::max(largest, line.eigenvalue);
  return largest;
}

/// The share of the noise at the start that stays when the gradient has gone: sigma^2 of all.
double lasting_share(const WorkloadConstants& constants, double noise_at_start) {
  constexpr double least = 1e-6;  // noise that shrinks with the gradient alone
  if (constants.m_g.value <= 0 || noise_at_start <= 0) return 1;
  return std::clamp(constants.sigma2.value / noise_at_start, least, 1.0);
}

}  // namespace

double QuadraticModel::loss(std::span<const double> w) const {
  double sum = 0;
  for (std::size_t i = 0; i < modes.size(); ++i) sum += modes[i].curvature * w[i] * w[i];
  return floor + sum / 2;
}

double QuadraticModel::initial_loss() const {
  double sum = 0;
  for (const Mode& mode : modes) sum += mode.curvature * mode.start * mode.start;
  return floor + sum / 2;
}

double QuadraticModel::sharpness() const {
  double largest = 0;
  for (const Mode& mode : modes) largest = std::max(largest, mode.curvature);
  return largest;
}

double QuadraticModel::noise_scale() const {
  double noise = 0;
  double gradient = 0;
  for (const Mode& mode : modes) {
    noise += mode.noise * mode.noise;
    gradient += mode.curvature * mode.curvature * mode.start * mode.start;
  }
  return gradient > 0 ? noise / gradient + noise_growth * noise : 0;
}

QuadraticModel model_of(const WorkloadConstants& constants) {
  QuadraticModel model;
  const double sharpest =
      std::max(largest_eigenvalue(constants.signal), largest_eigenvalue(constants.noise));
  if (!(sharpest > 0)) {
    throw DataError(
        "the measured curvature is nowhere positive: a plan needs a pilot run of this "
        "workload (--pilot) instead of its constants");
  }
  for (const SpectralLine& line : constants.signal) {
    if (line.eigenvalue <= flat * sharpest) continue;
    model.modes.push_back({line.eigenvalue, std::sqrt(line.weight) / line.eigenvalue, 0});
  }
  double noise_at_start = 0;  // of one sample: sigma^2 + M_G ||grad F||^2
  for (const SpectralLine& line : constants.noise) noise_at_start += line.weight;
  const double lasting = lasting_share(constants, noise_at_start);
  if (constants.gradient_norm2.value > 0) {
    model.noise_growth = (1 / lasting - 1) / constants.gradient_norm2.value;
  }
  const auto batch = static_cast<double>(std::max<std::uint64_t>(constants.batch, 1));
  const std::size_t lines = std::max<std::size_t>(constants.noise.size(), 1);
  const std::size_t copies = std::clamp<std::size_t>(constants.dimension / lines, 1, most_copies);
  for (const SpectralLine& line : constants.noise) {
    if (line.eigenvalue <= flat * sharpest) continue;
    const double each = lasting * line.weight / batch / static_cast<double>(copies);
    for (std::size_t i = 0; i < copies; ++i) {
      model.modes.push_back({line.eigenvalue, 0, std::sqrt(each)});
    }
  }
  model.floor = constants.loss - model.initial_loss();
  model.source = "measured constants";
  return model;
}

}  // namespace syncline
