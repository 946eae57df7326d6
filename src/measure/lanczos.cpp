#include "measure/lanczos.hpp"

#include <algorithm>

#include "measure/tridiagonal_eigen.hpp"

namespace syncline {
namespace {

/// A coupling this small against A's size ends the space.
constexpr double negligible = 1e-8;

/// Takes out of v what lies along the basis. Twice is enough (Parlett, The Symmetric Eigenvalue
/// Problem, 1980, 6.9): the basis stays orthogonal to the last bits, and no eigenvalue comes twice.
void orthogonalise(Vector& v, const std::vector<Vector>& basis) {
  for (int pass = 0; pass < 2; ++pass) {
    for (const Vector& q : basis) add_scaled(v, -inner(q, v), q);
  }
}

Vector combination(const std::vector<Vector>& basis, const Vector& coefficients) {
  Vector sum(basis.front().size());
  for (std::size_t i = 0; i < basis.size(); ++i) add_scaled(sum, coefficients[i], basis[i]);
  return sum;
}

}  // namespace

Krylov lanczos(const Product& product, const Vector& start, std::uint64_t steps) {
  const double length2 = squared_norm<double>(start);
  std::vector<Vector> basis = {start};
  scale(basis.back(), 1 / std::sqrt(length2));

  Vector diagonal, beside;
  Krylov krylov;
  double size = 0;
  for (;;) {
    Vector next = product(basis.back());
    diagonal.push_back(inner(basis.back(), next));
    orthogonalise(next, basis);
    const double coupling = norm(next);
    size = std::max({size, std::abs(diagonal.back()), coupling});
    krylov.exhausted = coupling <= negligible * size || basis.size() == start.size();
    if (krylov.exhausted || basis.size() >= steps) break;
    beside.push_back(coupling);
    scale(next, 1 / coupling);
    basis.push_back(std::move(next));
  }

  const TridiagonalEigen eigen = tridiagonal_eigen(diagonal, beside);
  krylov.values = eigen.values;
  for (const Vector& vector : eigen.vectors) {
    krylov.weights.push_back(length2 * vector.front() * vector.front());
  }
  krylov.lowest = combination(basis, eigen.vectors.front());
  krylov.highest = combination(basis, eigen.vectors.back());
  return krylov;
}

}  // namespace syncline
