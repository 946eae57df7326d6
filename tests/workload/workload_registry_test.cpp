#include <set>

#include <doctest/doctest.h>

#include "support/tiny_dataset.hpp"
#include "syncline/workload.hpp"

namespace syncline {
namespace {

TEST_CASE("every analytic workload with its defaults has a gapless layout and both precisions") {
  const WorkloadContext context{.dataset = testing::tiny_dataset()};
  for (const char* name : {"quadratic", "tridiagonal", "softmax"}) {
    CAPTURE(name);
    const auto workload = make_workload<double>(name, context);
    std::size_t end = 0;
    for (const auto& tensor : workload->layout()) {
      CHECK(tensor.offset == end);
      std::size_t size = 1;
      for (const auto extent : tensor.shape) size *= static_cast<std::size_t>(extent);
      end += size;
    }
    CHECK(end == workload->dimension() + workload->buffers());
    CHECK(make_workload<float>(name, context)->dimension() == workload->dimension());
  }
}

TEST_CASE("workload names are unique and each says what and where from") {
  std::set<std::string> names;
  for (const auto& entry : workloads().entries()) {
    CHECK(names.insert(entry.name).second);
    CHECK_FALSE(entry.summary.empty());
    CHECK_FALSE(entry.source.empty());
  }
}

TEST_CASE("wrong workload specs are refused") {
  const WorkloadContext none;
  CHECK_THROWS_WITH_AS(make_workload<float>("quadratics", none), doctest::Contains("'quadratic'"),
                       ConfigError);
  CHECK_THROWS_WITH_AS(make_workload<float>("softmax", none), doctest::Contains("data set"),
                       ConfigError);
  for (const char* spec :
       {"quadratic(condition=0.5)", "quadratic(dimension=0)", "quadratic(noise=-1)",
        "quadratic(spectrum=flat)", "quadratic(dimensions=3)", "tridiagonal(noise_kind=both)"}) {
    CAPTURE(spec);
    CHECK_THROWS_AS(make_workload<double>(spec, none), ConfigError);
  }
  WorkloadContext asks_too_much{.dataset = testing::tiny_dataset(),
                                .augmentation = "pad-crop-flip"};
  CHECK_THROWS_AS(make_workload<float>("softmax", asks_too_much), ConfigError);
  asks_too_much = {.dataset = testing::tiny_dataset(), .device = "cuda"};
  CHECK_THROWS_AS(make_workload<float>("softmax", asks_too_much), ConfigError);
}

}  // namespace
}  // namespace syncline
