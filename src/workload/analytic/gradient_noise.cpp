#include "workload/analytic/gradient_noise.hpp"

#include <algorithm>
#include <cmath>

namespace syncline {

template <class Real>
void add_gradient_noise(std::span<Real> gradient, double deviation, std::size_t batch,
                        NoiseKind kind, const DrawKey& key) {
  if (deviation == 0) return;
  DrawStream stream(Stream::gradient_noise, key);
  // Workloads without data may be given an empty batch: one gradient.
  const double scale = deviation / std::sqrt(static_cast<double>(std::max<std::size_t>(batch, 1)));
  if (kind == NoiseKind::shared) {
    const double noise = scale * stream.normal();
    for (Real& g : gradient) g += static_cast<Real>(noise);
    return;
  }
  for (Real& g : gradient) g += static_cast<Real>(scale * stream.normal());
}

template void add_gradient_noise(std::span<float>, double, std::size_t, NoiseKind, const DrawKey&);
template void add_gradient_noise(std::span<double>, double, std::size_t, NoiseKind, const DrawKey&);

}  // namespace syncline
