// What the user is told while nobody computes, by a clock that the test moves.

#include "fleet/live/wait_watch.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "support/manual_clock.hpp"

namespace syncline {
namespace {

using testing::ManualClock;

Host host_of(const std::string& policy, std::uint32_t workers) {
  PolicyContext context;
  context.workers = workers;
  return {make_policy(policy, context), policy, workers};
}

TEST_CASE("a wait is told with whom it is for and since when, again ever more rarely, and anew") {
  Host host = host_of("k-sync(k=2)", 2);
  ManualClock clock;
  WaitWatch watch(2);
  host.begin(0, clock);
  watch.look(host, 0);
  CHECK_FALSE(watch.news(host, 0));
  clock.push(host, 0, 1);
  clock.push(host, 1, 2);
  watch.look(host, 2);
  watch.went_down(1, 2.5);
  host.worker_down(2.5, 1, clock);
  watch.look(host, 2.5);
  CHECK_FALSE(watch.news(host, 3));  // worker 0 still computes
  clock.push(host, 0, 3.25);
  watch.look(host, 3.25);
  const std::string first =
      "update 2 waits since 3.2 s of the run: 1 of at least 2 gradients are there, nobody "
      "computes, "
      "and the policy waits for worker 1 (down since 2.5 s); start workers (where the policy can, "
      "--on-shortage shrink goes on with fewer)";
  CHECK(watch.news(host, 4) == first);
  CHECK_FALSE(watch.news(host, 33.9));
  CHECK(watch.news(host, 34) == first);
  CHECK_FALSE(watch.news(host, 93.9));
  CHECK(watch.news(host, 94) == first);
  CHECK_FALSE(watch.news(host, 213.9));
  // Back for a moment, in which nobody asks for news.
  host.worker_up(214, 1, clock);
  watch.look(host, 214);
  watch.went_down(1, 214.5);
  host.worker_down(214.5, 1, clock);
  watch.look(host, 214.5);
  const auto second = watch.news(host, 214.5);
  REQUIRE(second);
  CHECK(second->find("update 2 waits since 214.5 s") == 0);
  CHECK(second->find("worker 1 (down since 214.5 s)") != std::string::npos);
  CHECK_FALSE(watch.news(host, 244.4));
  CHECK(watch.news(host, 244.5));
}

TEST_CASE("a wait for all workers names some, and survives a checkpoint") {
  Host host = host_of("async", 10);
  ManualClock clock;
  std::vector<WorkerId> all;
  for (WorkerId worker = 0; worker < 10; ++worker) all.push_back(worker);
  host.begin(0, clock, all);
  WaitWatch watch(10);
  watch.went_down(3, 7);
  WaitWatch restored(10);
  restored.restore(watch.state());
  const auto news = restored.news(host, 9);
  REQUIRE(news);
  CHECK(news->find("update 1 waits since 9.0 s of the run: nobody computes") == 0);
  CHECK(news->find("worker 3 (down since 7.0 s)") != std::string::npos);
  CHECK(news->find("worker 7 (down since 0.0 s) and 2 more that are down; start workers") !=
        std::string::npos);
  CHECK(news->find("shrink") == std::string::npos);
}

}  // namespace
}  // namespace syncline
