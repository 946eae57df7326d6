#include "measure/lanczos.hpp"

#include <doctest/doctest.h>

#include "measure/tridiagonal_eigen.hpp"
#include "syncline/random.hpp"

namespace syncline {
namespace {

Product diagonal_matrix(const Vector& entries) {
  return [entries](const Vector& v) {
    Vector product = v;
    for (std::size_t i = 0; i < v.size(); ++i) product[i] *= entries[i];
    return product;
  };
}

Vector random_vector(std::size_t size, std::uint64_t seed) {
  DrawStream stream(Stream::bootstrap, {seed, 0, 0});
  Vector v(size);
  for (double& value : v) value = stream.normal();
  return v;
}

double moment(const Krylov& krylov, int degree) {
  double sum = 0;
  for (std::size_t i = 0; i < krylov.values.size(); ++i) {
    sum += krylov.weights[i] * std::pow(krylov.values[i], degree);
  }
  return sum;
}

TEST_CASE("eigenvalues of a tridiagonal matrix, known in closed form, are found in order") {
  const std::size_t n = 30;
  const TridiagonalEigen eigen = tridiagonal_eigen(Vector(n, 2.0), Vector(n - 1, -1.0));
  const double pi = std::acos(-1.0);
  for (std::size_t k = 0; k < n; ++k) {
    const double angle = pi * static_cast<double>(k + 1) / static_cast<double>(n + 1);
    CHECK(eigen.values[k] == doctest::Approx(2 - 2 * std::cos(angle)).epsilon(1e-12));
    CHECK(norm(eigen.vectors[k]) == doctest::Approx(1).epsilon(1e-12));
    // Component i of vector k is proportional to sin((i + 1) (k + 1) pi / (n + 1)).
    const double first = std::sin(angle) * std::sqrt(2.0 / static_cast<double>(n + 1));
    CHECK(std::abs(eigen.vectors[k].front()) == doctest::Approx(std::abs(first)).epsilon(1e-9));
  }
}

TEST_CASE("eigenvalue of a matrix of order 1 is its entry") {
  const TridiagonalEigen eigen = tridiagonal_eigen({-3.5}, {});
  CHECK(eigen.values == Vector{-3.5});
  CHECK(std::abs(eigen.vectors[0][0]) == 1);
}

TEST_CASE("quadrature of k Lanczos steps, moments up to degree 2k - 1, has those of the measure") {
  const std::size_t size = 40;
  Vector entries;
  for (std::size_t i = 0; i < size; ++i) entries.push_back(-0.3 + 0.035 * static_cast<double>(i));
  const Vector start = random_vector(size, 3);
  for (const int steps : {1, 2, 5, 9}) {
    const Krylov krylov = lanczos(diagonal_matrix(entries), start, static_cast<unsigned>(steps));
    CHECK_FALSE(krylov.exhausted);
    for (int degree = 0; degree <= 2 * steps; ++degree) {
      CAPTURE(steps);
      CAPTURE(degree);
      double truth = 0;
      for (std::size_t i = 0; i < size; ++i) {
        truth += start[i] * start[i] * std::pow(entries[i], degree);
      }
      const bool same = std::abs(moment(krylov, degree) - truth) < 1e-11 * std::abs(truth);
      CHECK(same == (degree < 2 * steps));
    }
  }
}

TEST_CASE("Lanczos with as many steps as dimensions finds every eigenvalue and its weight") {
  const Vector entries = {1, 2, 4, 8, 16, -5};
  const Vector start = random_vector(6, 4);
  const Krylov krylov = lanczos(diagonal_matrix(entries), start, 100);
  CHECK(krylov.exhausted);
  const std::vector<std::size_t> order = {5, 0, 1, 2, 3, 4};
  REQUIRE(krylov.values.size() == 6);
  for (std::size_t i = 0; i < 6; ++i) {
    CHECK(krylov.values[i] == doctest::Approx(entries[order[i]]).epsilon(1e-12));
    CHECK(krylov.weights[i] == doctest::Approx(start[order[i]] * start[order[i]]).epsilon(1e-11));
  }
  CHECK(std::abs(krylov.lowest[5]) == doctest::Approx(1).epsilon(1e-12));
  CHECK(std::abs(krylov.highest[4]) == doctest::Approx(1).epsilon(1e-12));
}

TEST_CASE("Lanczos that meets an invariant space ends there, with what lies in it only") {
  SUBCASE("one eigenvalue") {
    const Krylov krylov = lanczos(diagonal_matrix(Vector(50, 0.7)), random_vector(50, 5), 24);
    CHECK(krylov.exhausted);
    REQUIRE(krylov.values.size() == 1);
    CHECK(krylov.values[0] == doctest::Approx(0.7).epsilon(1e-14));
  }
  SUBCASE("a matrix of zeros") {
    const Krylov krylov = lanczos(diagonal_matrix(Vector(50, 0.0)), random_vector(50, 5), 24);
    CHECK(krylov.exhausted);
    CHECK(krylov.values == Vector{0});
  }
  SUBCASE("a start with two of the directions") {
    Vector start(4);
    start[1] = 3;
    start[3] = 4;
    const Krylov krylov = lanczos(diagonal_matrix({9, 1, 9, 2}), start, 24);
    CHECK(krylov.exhausted);
    REQUIRE(krylov.values.size() == 2);
    CHECK(krylov.weights[0] == doctest::Approx(9).epsilon(1e-13));
    CHECK(krylov.weights[1] == doctest::Approx(16).epsilon(1e-13));
  }
}

}  // namespace
}  // namespace syncline
