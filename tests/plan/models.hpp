#pragma once

#include <cmath>

#include "plan/quadratic_model.hpp"

namespace syncline::testing {

/// Ten eigenvalues from 0.02 to 1, start 1 in each, and noise in modes of their own.
inline QuadraticModel small_model(double noise) {
  QuadraticModel model;
  for (int i = 0; i < 10; ++i) {
    const double curvature = std::pow(0.02, i / 9.0);
    model.modes.push_back({curvature, 1, 0});
    for (int copy = 0; noise > 0 && copy < 4; ++copy) {
      model.modes.push_back({curvature, 0, noise / std::sqrt(40.0)});
    }
  }
  return model;
}

}  // namespace syncline::testing
