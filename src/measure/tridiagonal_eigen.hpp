#pragma once

#include "measure/vectors.hpp"

namespace syncline {

/// All eigenvalues of a symmetric tridiagonal matrix, ascending, with their unit eigenvectors.
struct TridiagonalEigen {
  Vector values;
  std::vector<Vector> vectors;  ///< vectors[i] belongs to values[i]
};

/// `diagonal` has n >= 1 entries, `beside` (off the diagonal) n - 1. By LAPACK's dstev; throws
/// InternalError if it does not converge, which takes a matrix that is not finite.
[[nodiscard]] TridiagonalEigen tridiagonal_eigen(Vector diagonal, Vector beside);

}  // namespace syncline
