#include "server/running_average.hpp"

#include <doctest/doctest.h>

namespace syncline {
namespace {

using Vector = std::vector<double>;

TEST_CASE("a running average is the mean of the states that it was shown since it was begun") {
  RunningAverage<double> average;
  average.switch_on(2);
  CHECK(average.count() == 0);
  average.note(Vector{1, 2});
  CHECK(average.mean() == Vector{1, 2});
  average.note(Vector{3, 6});
  average.note(Vector{5, 1});
  CHECK(average.count() == 3);
  CHECK(average.mean()[0] == doctest::Approx(3));
  CHECK(average.mean()[1] == doctest::Approx(3));

  average.begin();
  CHECK(average.count() == 0);
  average.note(Vector{7, -8});
  CHECK(average.mean() == Vector{7, -8});
}

TEST_CASE("a running average that is off holds nothing") {
  RunningAverage<float> average;
  CHECK_FALSE(average.on());
  CHECK(average.vectors().empty());
  average.begin();
  CHECK(average.count() == 0);
}

TEST_CASE("a running average, its vectors and count given to another, goes on in it alike") {
  RunningAverage<float> original;
  original.switch_on(3);
  const auto state = [](int i) {
    return std::vector<float>{0.1F * static_cast<float>(i), 1.0F / static_cast<float>(i), -3};
  };
  for (int i = 1; i <= 7; ++i) original.note(state(i));

  RunningAverage<float> restored;
  restored.switch_on(3);
  REQUIRE(original.vectors().size() == restored.vectors().size());
  for (std::size_t i = 0; i < original.vectors().size(); ++i) {
    *restored.vectors()[i] = *original.vectors()[i];
  }
  restored.restore_count(original.count());
  for (int i = 8; i <= 20; ++i) {
    original.note(state(i));
    restored.note(state(i));
  }
  CHECK(restored.mean() == original.mean());
  CHECK(restored.count() == 20);
}

}  // namespace
}  // namespace syncline
