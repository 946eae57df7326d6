#include "words.hpp"

#include <cmath>

#include <doctest/doctest.h>

namespace syncline::repro {
namespace {

TEST_CASE("numbers keep their significant digits and lose idle zeros") {
  CHECK(number(71.9548) == "71.95");
  CHECK(number(0.5) == "0.5");
  CHECK(number(15953.3) == "15953");
  CHECK(number(0.0123456) == "0.01235");
  CHECK(number(0) == "0");
  CHECK(number(-2.25, 2) == "-2.2");
  CHECK(number(1.5e-7, 3) == "1.50e-07");
  CHECK(number(std::nan("")) == "-");
  CHECK(number(INFINITY) == "infinite");
}

TEST_CASE("a mean has decimals to match its error") {
  CHECK(with_error({41.273, 0.91324, 5}) == "41.27 ± 0.91");
  CHECK(with_error({1234.5, 56.7, 5}) == "1234 ± 57");
  CHECK(with_error({3, 0, 1}) == "3");
  CHECK(with_error({}) == "-");
  CHECK(percent(0.3519) == "35.2 %");
}

}  // namespace
}  // namespace syncline::repro
