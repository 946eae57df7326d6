#include "fleet/cluster/reply_deadline.hpp"

#include <algorithm>

#include <doctest/doctest.h>
#include <rapidcheck.h>

namespace syncline {
namespace {

using Seconds = ReplyDeadline::Seconds;

std::vector<Seconds> some_times() {
  return *rc::gen::container<std::vector<Seconds>>(
      rc::gen::map(rc::gen::inRange(0, 100'000), [](int i) { return Seconds(i * 1e-4); }));
}

Seconds deadline_after(const std::vector<Seconds>& times, Seconds lower, Seconds upper) {
  ReplyDeadline deadline(lower, upper);
  for (const Seconds time : times) deadline.measured(time);
  return deadline.value();
}

TEST_CASE("patience stays within its limits, and is longest while little is known") {
  CHECK(rc::check([] {
    const auto times = some_times();
    const Seconds lower(*rc::gen::inRange(0, 5)), upper = lower + Seconds(*rc::gen::inRange(0, 5));
    const Seconds value = deadline_after(times, lower, upper);
    RC_ASSERT(value >= lower);
    RC_ASSERT(value <= upper);
    if (times.size() < ReplyDeadline::fewest) RC_ASSERT(value == upper);
  }));
}

TEST_CASE("patience does not depend on the order of the last replies, nor on those long before") {
  CHECK(rc::check([] {
    auto times = some_times();
    times.resize(ReplyDeadline::most, Seconds(0.5));
    const Seconds value = deadline_after(times, Seconds(0), Seconds(1e9));
    std::vector<Seconds> with_past = some_times();
    std::reverse(times.begin(), times.end());
    with_past.insert(with_past.end(), times.begin(), times.end());
    RC_ASSERT(deadline_after(with_past, Seconds(0), Seconds(1e9)) == value);
  }));
}

TEST_CASE("patience in units twice as long is twice as long") {
  CHECK(rc::check([] {
    auto times = some_times();
    times.resize(std::max(times.size(), ReplyDeadline::fewest), Seconds(1));
    const Seconds value = deadline_after(times, Seconds(0), Seconds(1e9));
    for (Seconds& time : times) time *= 2;
    RC_ASSERT(deadline_after(times, Seconds(0), Seconds(1e9)) == 2 * value);
  }));
}

TEST_CASE(
    "replies that all take the same leave no doubt, and a few outliers hardly move patience") {
  std::vector<Seconds> times(20, Seconds(0.25));
  CHECK(deadline_after(times, Seconds(0), Seconds(60)) == Seconds(0.25));
  std::vector<Seconds> uneven;
  for (int i = 0; i < 21; ++i) uneven.emplace_back(0.2 + 0.01 * i);
  // The median is 0.3, half lie within 0.05 of it.
  const Seconds usual = deadline_after(uneven, Seconds(0), Seconds(60));
  CHECK(usual.count() == doctest::Approx(0.3 + 10 * 0.05));
  for (int i = 0; i < 4; ++i) uneven.emplace_back(1000);
  const Seconds after = deadline_after(uneven, Seconds(0), Seconds(60));
  CHECK(after < 2 * usual);
}

}  // namespace
}  // namespace syncline
