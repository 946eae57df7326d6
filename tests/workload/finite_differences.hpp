#pragma once

#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

#include <doctest/doctest.h>

#include "syncline/workload.hpp"

namespace syncline::testing {

/// The largest difference between the gradient over the whole training split and central
/// differences of the mean training loss, relative to the largest entry of the gradient.
/// For workloads without gradient noise.
inline double gradient_error(const Workload<double>& workload, std::vector<double> state) {
  const auto replica = workload.make_replica();
  const std::size_t samples = workload.samples(Split::train);
  std::vector<std::uint32_t> batch(samples);
  std::iota(batch.begin(), batch.end(), 0U);
  std::vector<double> gradient(state.size());
  replica->gradient(state, batch, {1, 2, 3}, gradient);

  double error = 0, largest = 0;
  for (std::size_t i = 0; i < state.size(); ++i) {
    const double step = 1e-5;
    const double here = state[i];
    const auto loss = [&](double value) {
      state[i] = value;
      const auto sums = replica->evaluate(state, Split::train, 0, samples);
      return sums.loss / sums.samples;
    };
    const double difference = (loss(here + step) - loss(here - step)) / (2 * step);
    state[i] = here;
    error = std::max(error, std::abs(difference - gradient[i]));
    largest = std::max(largest, std::abs(gradient[i]));
  }
  return error / largest;
}

inline std::vector<double> random_state(std::size_t size, double scale, std::uint64_t seed) {
  std::vector<double> state(size);
  DrawStream stream(Stream::initial, {seed, 9, 9});
  for (double& w : state) w = scale * stream.normal();
  return state;
}

}  // namespace syncline::testing
