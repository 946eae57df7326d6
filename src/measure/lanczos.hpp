#pragma once

#include <cstdint>
#include <functional>

#include "measure/vectors.hpp"

namespace syncline {

/// out := A v for a symmetric matrix A that is known only by its products.
using Product = std::function<Vector(const Vector& v)>;

/// What k steps of Lanczos know about A, seen from the vector b they started from.
struct Krylov {
  /// Eigenvalues of A in the Krylov space (Ritz values), ascending. They are the nodes of the Gauss
  /// quadrature of b's spectral measure (Golub and Meurant, Matrices, Moments and Quadrature, 2010,
  /// chapter 6): exact for polynomials of degree up to 2k - 1.
  Vector values;
  Vector weights;          ///< of the quadrature; they sum to ||b||^2
  Vector lowest;           ///< unit Ritz vector of values.front()
  Vector highest;          ///< unit Ritz vector of values.back()
  bool exhausted = false;  ///< the space is invariant: the values are eigenvalues of A
};

/// Lanczos from `start` (not 0) with full reorthogonalisation: at most `steps` >= 1 products, fewer
/// where the space is exhausted before, to 1e-8 of A's size: the products come from differences and
/// are no better than 1e-9.
[[nodiscard]] Krylov lanczos(const Product& product, const Vector& start, std::uint64_t steps);

}  // namespace syncline
