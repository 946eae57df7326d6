#include "plan/update_law.hpp"

#include <array>
#include <cmath>
#include <optional>

namespace syncline {
namespace {

using Vector = std::array<double, 3>;

/// The terms that may be in the law beside n_0, simplest choice first.
struct Terms {
  bool noise = false;
  bool staleness = false;
};
constexpr Terms choices[] = {{false, false}, {true, false}, {false, true}, {true, true}};

/// A more complex law must have this part of the error of the simpler one.
constexpr double clearly_better = 0.5;
constexpr double exact = 1e-6;  ///< relative errors below this are rounding

Vector row_of(const UpdatesSeen& pilot, const Terms& terms) {
  return {1 / pilot.updates, terms.noise ? 1 / pilot.k / pilot.updates : 0,
          terms.staleness ? pilot.staleness / pilot.updates : 0};
}

/// Least squares by the normal equations, unknowns that are not wanted held at 0; nullopt where the
/// pilots don't tell the unknowns apart.
std::optional<Vector> solve(const std::vector<UpdatesSeen>& pilots, const Terms& terms) {
  std::array<std::array<double, 4>, 3> equations{};
  for (const UpdatesSeen& pilot : pilots) {
    const Vector row = row_of(pilot, terms);
    for (std::size_t i = 0; i < 3; ++i) {
      for (std::size_t j = 0; j < 3; ++j) equations[i][j] += row[i] * row[j];
      equations[i][3] += row[i];
    }
  }
  if (!terms.noise) equations[1][1] = 1;
  if (!terms.staleness) equations[2][2] = 1;
  for (std::size_t i = 0; i < 3; ++i) {
    const double before = equations[i][i];
    for (std::size_t k = 0; k < i; ++k) {
      const double factor = equations[i][k] / equations[k][k];
      for (std::size_t j = k; j < 4; ++j) equations[i][j] -= factor * equations[k][j];
    }
    if (!(equations[i][i] > 1e-9 * before)) return std::nullopt;
  }
  Vector x{};
  for (std::size_t i = 3; i-- > 0;) {
    x[i] = equations[i][3];
    for (std::size_t j = i + 1; j < 3; ++j) x[i] -= equations[i][j] * x[j];
    x[i] /= equations[i][i];
  }
  return x;
}

double error_of(const std::vector<UpdatesSeen>& pilots, const UpdateLaw& law) {
  double sum = 0;
  for (const UpdatesSeen& pilot : pilots) {
    const double error = law.needed(pilot.k, pilot.staleness) / pilot.updates - 1;
    sum += error * error;
  }
  return sum;
}

}  // namespace

UpdateLaw fit_update_law(const std::vector<UpdatesSeen>& pilots) {
  UpdateLaw best;
  double least = INFINITY;
  for (const Terms& terms : choices) {
    const auto x = solve(pilots, terms);
    if (!x || (*x)[0] <= 0 || (*x)[1] < 0 || (*x)[2] < 0) continue;
    const UpdateLaw law{(*x)[0], (*x)[1] / (*x)[0], (*x)[2] / (*x)[0]};
    const double error = error_of(pilots, law);
    const bool first = std::isinf(least);
    if (!first && (least <= exact * exact || error > clearly_better * least)) continue;
    least = error;
    best = law;
  }
  return best;
}

}  // namespace syncline
