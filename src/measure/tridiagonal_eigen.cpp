#include "measure/tridiagonal_eigen.hpp"

#include <string>

#include "syncline/error.hpp"

/// LAPACK, inside OpenBLAS; Debian's OpenBLAS has no C header for it. The last argument is the
/// length of `job`, which Fortran compilers hand over unseen.
// NOLINTNEXTLINE(readability-identifier-naming)
extern "C" void dstev_(const char* job, const int* n, double* diagonal, double* beside,
                       double* vectors, const int* leading, double* work, int* info,
                       std::size_t job_length);

namespace syncline {

TridiagonalEigen tridiagonal_eigen(Vector diagonal, Vector beside) {
  const std::size_t size = diagonal.size();
  const int n = static_cast<int>(size);
  beside.resize(size);  // dstev wants an array to write to even where n = 1
  Vector vectors(size * size);
  Vector work(2 * size);
  int info = 0;
  dstev_("V", &n, diagonal.data(), beside.data(), vectors.data(), &n, work.data(), &info, 1);
  if (info != 0) {
    throw InternalError("the eigenvalues of a tridiagonal matrix of order " + std::to_string(size) +
                        " were not found: dstev says " + std::to_string(info));
  }
  TridiagonalEigen eigen;
  eigen.values = std::move(diagonal);
  for (std::size_t i = 0; i < size; ++i) {
    const auto column = vectors.begin() + static_cast<std::ptrdiff_t>(i * size);
    eigen.vectors.emplace_back(column, column + n);
  }
  return eigen;
}

}  // namespace syncline
