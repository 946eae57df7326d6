#include <doctest/doctest.h>

#include "syncline/error.hpp"
#include "syncline/theory.hpp"

namespace syncline {
namespace {

TEST_CASE("variant point, policies of the line, is their family and K") {
  const auto is = [](const char* policy, VariantFamily family, std::uint64_t k) {
    const auto point = variant_point(policy, 8);
    REQUIRE(point.has_value());
    CHECK(*point == VariantPoint{family, k});
  };
  is("sync", VariantFamily::k_sync, 8);
  is("async", VariantFamily::k_async, 1);
  is("k-sync(k=3)", VariantFamily::k_sync, 3);
  is("k-sync(3, rest=cancel)", VariantFamily::k_sync, 3);
  is("k-batch-sync(k=20)", VariantFamily::k_batch_sync, 20);
  is("k-async(k=8)", VariantFamily::k_async, 8);
  is("k-batch-async(k=9)", VariantFamily::k_batch_async, 9);
}

TEST_CASE("variant point, policies off the line, is none; wrong texts are refused") {
  CHECK_FALSE(variant_point("k-sync(k=3, rest=finish)", 8).has_value());
  CHECK_FALSE(variant_point("adasync(base=k-async, k0=2, interval=1)", 8).has_value());
  CHECK_THROWS_AS(static_cast<void>(variant_point("k-sync(k=9)", 8)), ConfigError);
  CHECK_THROWS_AS(static_cast<void>(variant_point("k-async(k=0)", 8)), ConfigError);
  CHECK_THROWS_AS(static_cast<void>(variant_point("k-asinc(k=2)", 8)), ConfigError);
}

}  // namespace
}  // namespace syncline
