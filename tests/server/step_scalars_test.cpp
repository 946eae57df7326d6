#include "server/step_scalars.hpp"

#include <doctest/doctest.h>

namespace syncline {
namespace {

using Vector = std::vector<double>;

Observables everything() {
  Observables all;
  all.step = all.dot = all.spread = true;
  return all;
}

TEST_CASE("the scalars of a step are those of its payloads, aggregate and way") {
  StepScalars<double> scalars;
  scalars.switch_on(everything());
  // Payloads (1, 0), (3, 0), (2, 3): mean (2, 1), squared deviations 2 + 2 + 4.
  for (const Vector& g : {Vector{1, 0}, Vector{3, 0}, Vector{2, 3}}) scalars.folded(1, g);
  scalars.aggregated(Vector{2, 1}, 1);
  scalars.moved(Vector{0, 0}, Vector{3, 4});
  Stepped first;
  scalars.describe(first);
  CHECK(first.length == 5);
  CHECK(first.norm == doctest::Approx(std::sqrt(5.0)));
  CHECK(std::isnan(first.dot));  // there is no step before
  CHECK(first.spread == doctest::Approx(8.0 / 2));

  scalars.folded(1, Vector{-1, 1});
  scalars.aggregated(Vector{-1, 1}, 1);
  Stepped second;
  scalars.describe(second);
  CHECK(second.dot == -1);
  CHECK(std::isnan(second.spread));  // of one payload
}

TEST_CASE("weights other than 1/K scale the aggregate, not the spread") {
  StepScalars<double> scalars;
  scalars.switch_on(everything());
  for (const Vector& g : {Vector{1}, Vector{3}}) scalars.folded(1, g);
  scalars.aggregated(Vector{8}, 4);  // weights 2 and 2
  Stepped event;
  scalars.describe(event);
  CHECK(event.spread == doctest::Approx(2));
  CHECK(event.norm == 8);
}

TEST_CASE("what is not declared is not told") {
  Observables dot_only;
  dot_only.dot = true;
  StepScalars<double> scalars;
  scalars.switch_on(dot_only);
  CHECK(scalars.on());
  scalars.aggregated(Vector{2}, 1);
  scalars.aggregated(Vector{3}, 1);
  Stepped event;
  scalars.describe(event);
  CHECK(event.dot == 6);
  CHECK(std::isnan(event.norm));
  CHECK(std::isnan(event.spread));
}

}  // namespace
}  // namespace syncline
