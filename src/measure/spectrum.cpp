#include "measure/spectrum.hpp"

#include <algorithm>

#include "measure/hessian.hpp"

namespace syncline {
namespace {

void add_lines(std::vector<SpectralLine>& lines, const Krylov& krylov) {
  for (std::size_t i = 0; i < krylov.values.size(); ++i) {
    lines.push_back({krylov.values[i], krylov.weights[i]});
  }
}

std::vector<SpectralLine> scaled(std::vector<SpectralLine> lines, double total) {
  double sum = 0;
  for (const SpectralLine& line : lines) sum += line.weight;
  for (SpectralLine& line : lines) line.weight *= total / sum;
  std::sort(lines.begin(), lines.end(), [](const SpectralLine& a, const SpectralLine& b) {
    return a.eigenvalue < b.eigenvalue;
  });
  return lines;
}

}  // namespace

std::vector<SpectralLine> signal_lines(GradientSource& source, const PathPoint& point, double step,
                                       std::uint64_t directions, double total) {
  std::vector<SpectralLine> lines;
  if (norm(point.gradient.value) == 0 || total == 0) return lines;
  add_lines(lines,
            lanczos(hessian_product(source, point.state, step), point.gradient.value, directions));
  return scaled(std::move(lines), total);
}

std::vector<SpectralLine> noise_lines(GradientSource& source, const PathPoint& point, double step,
                                      std::uint64_t directions, double total) {
  std::vector<Vector> probes;
  source.each_mini_batch(point.state, 0, noise_probes, [&](std::span<const double> gradient) {
    probes.emplace_back(gradient.begin(), gradient.end());
    add_scaled(probes.back(), -1, point.gradient.value);
  });
  std::vector<SpectralLine> lines;
  for (const Vector& probe : probes) {
    if (norm(probe) == 0 || total == 0) continue;
    add_lines(lines, lanczos(hessian_product(source, point.state, step), probe, directions));
  }
  return lines.empty() ? lines : scaled(std::move(lines), total);
}

}  // namespace syncline
