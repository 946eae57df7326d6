#include <fstream>
#include <iterator>
#include <string>

#include <doctest/doctest.h>

#include "bounded_async.hpp"
#include "run.hpp"

namespace {

std::string text_of(const std::string& file) {
  std::ifstream stream(std::string(SYNCLINE_SOURCE) + "/" + file);
  REQUIRE(stream);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

}  // namespace

TEST_CASE("docs/policies.md shows the example as it is compiled") {
  const std::string code = text_of("examples/own_policy/bounded_async.hpp");
  CHECK(text_of("docs/policies.md").find("```cpp\n" + code + "```\n") != std::string::npos);
}

TEST_CASE("bounded async applies no gradient staler than its limit, and drops some") {
  for (const std::uint64_t limit : {0, 1, 4, 16}) {
    CAPTURE(limit);
    const Outcome outcome = run(BoundedAsync(1, limit), 2000);
    CHECK(outcome.largest_staleness == limit);
    CHECK(outcome.account.dropped > 0);
    CHECK(outcome.account.applied == 2000);
    CHECK(outcome.account.cancelled == 0);
  }
}

TEST_CASE("bounded async with no limit to speak of is K-batch-async, bit for bit") {
  const auto reference =
      syncline::make_policy("k-batch-async(k=3)", {.workers = 8, .runtimes = {}});
  const Outcome bounded = run(BoundedAsync(3, 1'000'000), 2000);
  const Outcome plain = run(*reference, 2000);
  CHECK(bounded.elapsed == plain.elapsed);
  CHECK(bounded.staleness == plain.staleness);
  CHECK(bounded.largest_staleness == plain.largest_staleness);
  CHECK(bounded.account.dropped == 0);
}

TEST_CASE("bounded async, restored from its state half-way through a batch, answers alike") {
  BoundedAsync policy(2, 4);
  syncline::Actions actions;
  policy.begin({0, 2}, actions);
  policy.arrive({1, 0, 0, 0, 0}, actions);
  BoundedAsync restored(2, 4);
  restored.restore(policy.state());

  const auto steps = [](syncline::Policy& of) {
    syncline::Actions answer;
    of.arrive({2, 1, 0, 0, 0}, answer);
    std::size_t count = 0;
    for (const auto& action : answer.list()) {
      if (action.kind == syncline::Action::Kind::step) ++count;
    }
    return count;
  };
  CHECK(steps(restored) == 1);
  CHECK(steps(policy) == 1);
  BoundedAsync fresh(2, 4);
  CHECK(steps(fresh) == 0);
}
