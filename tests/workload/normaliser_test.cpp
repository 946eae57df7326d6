#include "workload/data/normaliser.hpp"

#include <cmath>

#include <doctest/doctest.h>

#include "support/tiny_dataset.hpp"

namespace syncline {
namespace {

TEST_CASE("normaliser on measured moments gives mean 0 and variance 1 in each channel") {
  Dataset data = *testing::tiny_dataset(testing::tiny_colour);
  measure_normalisation(data);
  REQUIRE(data.mean.size() == 3);
  const Normaliser<double> normaliser(data);
  std::vector<double> picture(data.features());
  for (std::size_t c = 0; c < 3; ++c) {
    double sum = 0, squares = 0;
    for (std::size_t i = 0; i < data.train.count; ++i) {
      normaliser.write(data.train, i, picture.data());
      for (std::size_t j = 0; j < 1024; ++j) {
        sum += picture[c * 1024 + j];
        squares += picture[c * 1024 + j] * picture[c * 1024 + j];
      }
    }
    const double n = static_cast<double>(data.train.count) * 1024;
    // Mean and deviation are kept as floats: relative error 6e-8 of values of order one.
    CHECK(sum / n == doctest::Approx(0).scale(1).epsilon(1e-6));
    CHECK(squares / n == doctest::Approx(1).epsilon(1e-6));
  }
}

TEST_CASE("normaliser follows its formula for bytes and for values") {
  Dataset data;
  data.train = {.count = 1,
                .channels = 2,
                .height = 1,
                .width = 2,
                .bytes = {0, 51, 255, 102},
                .values = {},
                .labels = {0}};
  data.mean = {0.5F, 0.25F};
  data.deviation = {0.5F, 2.0F};
  std::vector<float> out(4);
  Normaliser<float>(data).write(data.train, 0, out.data());
  const std::vector<double> expected = {-1, (0.2 - 0.5) / 0.5, 0.375, (0.4 - 0.25) / 2};
  for (std::size_t i = 0; i < 4; ++i) CHECK(out[i] == doctest::Approx(expected[i]));

  data.train.values = {0.0F, 0.2F, 1.0F, 0.4F};
  data.train.bytes.clear();
  Normaliser<float>(data).write(data.train, 0, out.data());
  for (std::size_t i = 0; i < 4; ++i) CHECK(out[i] == doctest::Approx(expected[i]));
}

TEST_CASE("constant channel gets deviation 1") {
  Dataset data;
  data.train = {.count = 3,
                .channels = 1,
                .height = 1,
                .width = 7,
                .bytes = std::vector<std::uint8_t>(21, 77),
                .values = {},
                .labels = {0, 0, 0}};
  measure_normalisation(data);
  CHECK(data.deviation == std::vector<float>{1});
  data.train.bytes.clear();
  data.train.values.assign(21, 0.1F);
  measure_normalisation(data);
  CHECK(data.deviation == std::vector<float>{1});
}

}  // namespace
}  // namespace syncline
