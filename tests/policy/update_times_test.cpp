// Times per update, learnt from arrivals: against order statistics, renewal rates and known
// lock-step patterns.

#include "policy/k_variants/update_times.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "syncline/random.hpp"

namespace syncline {
namespace {

using Draw = std::function<double(WorkerId worker, std::uint64_t job)>;

Draw exponential(double shift = 0) {
  return [shift](WorkerId worker, std::uint64_t job) {
    return shift + DrawStream(Stream::delay, {11, worker, job}).exponential();
  };
}

/// E[X_{k:P}] of exponential times with mean 1, by its partial sums.
double order_statistic(std::uint32_t workers, std::uint64_t k) {
  double sum = 0;
  for (std::uint64_t i = 0; i < k; ++i) sum += 1 / static_cast<double>(workers - i);
  return sum;
}

/// Plays rounds of K-sync: everybody starts, the first k arrive.
double play_rounds(RoundTimes& times, std::uint32_t workers, std::uint64_t k, int rounds,
                   const Draw& draw, double now = 0, std::uint64_t first_job = 0) {
  for (int round = 0; round < rounds; ++round) {
    std::vector<std::pair<double, WorkerId>> ends;
    for (WorkerId worker = 0; worker < workers; ++worker) {
      ends.emplace_back(now + draw(worker, first_job + static_cast<std::uint64_t>(round)), worker);
    }
    std::sort(ends.begin(), ends.end());
    for (std::uint64_t i = 0; i < k; ++i) times.arrived(ends[i].second, ends[i].first);
    now = ends[k - 1].first;
    times.stepped(now, {});
  }
  return now;
}

/// Lets every worker do `jobs` jobs, one after the other.
double play_jobs(ReplayedTimes& times, std::uint32_t workers, std::uint64_t jobs,
                 const Draw& draw) {
  times.began(0, workers);
  double last = 0;
  for (WorkerId worker = 0; worker < workers; ++worker) {
    double now = 0;
    for (std::uint64_t job = 0; job < jobs; ++job) {
      times.stepped(now, {worker});
      now += draw(worker, job);
      times.arrived(worker, now);
    }
    last = std::max(last, now);
  }
  return last;
}

TEST_CASE("round times, exponential rounds up to K, give every order statistic up to K") {
  constexpr std::uint32_t workers = 8;
  constexpr int rounds = 20000;
  RoundTimes times(true);
  times.began(0, workers);
  play_rounds(times, workers, 6, rounds, exponential());
  for (std::uint64_t k = 1; k <= 6; ++k) {
    // Independent gaps with means 1 / (P - i): so is the variance of their sum.
    double variance = 0;
    for (std::uint64_t i = 0; i < k; ++i) variance += 1 / std::pow(double(workers - i), 2);
    CAPTURE(k);
    CHECK(std::abs(times.runtime(k, 0) - order_statistic(workers, k)) <
          4.5 * std::sqrt(variance / rounds));
  }
}

TEST_CASE("round times, K never reached, go on with the hazard, right for memoryless times") {
  constexpr std::uint32_t workers = 8;
  constexpr int rounds = 20000;
  for (const double shift : {0.0, 1.0}) {
    RoundTimes times(true);
    times.began(0, workers);
    play_rounds(times, workers, 4, rounds, exponential(shift));
    CAPTURE(shift);
    // The hazard is an average of 2 * rounds exponentials; what it scales is the sum beyond K = 4.
    const double beyond = order_statistic(workers, 8) - order_statistic(workers, 4);
    const double error = std::sqrt(beyond * beyond / (2 * rounds) + 0.2 / rounds);
    CHECK(std::abs(times.runtime(8, 0) - shift - order_statistic(workers, 8)) < 4.5 * error);
  }
}

TEST_CASE("round times, batches from anyone, go on at the rate of the last arrivals") {
  RoundTimes times(false);
  times.began(0, 4);
  for (const double start : {0.0, 2.0}) {
    // Gaps 1, 0.25, 0.25, 0.5.
    for (const double end : {1.0, 1.25, 1.5, 2.0}) times.arrived(0, start + end);
    times.stepped(start + 2, {});
  }
  CHECK(times.runtime(1, 4) == 1);
  CHECK(times.runtime(3, 4) == 1.5);
  CHECK(times.runtime(4, 4) == 2);
  CHECK(times.runtime(10, 4) == 2 + 6 * 0.375);
}

TEST_CASE("round times, a fleet that slows down, forget what was") {
  RoundTimes times(true);
  times.began(0, 2);
  double now = 0;
  for (const double duration : {1.0, 3.0, 3.0, 3.0, 3.0}) {
    for (int round = 0; round < 8; ++round) {
      times.arrived(0, now += duration);
      times.stepped(now, {});
    }
    times.forget();
  }
  CHECK(times.runtime(1, now) > 2.9);
  CHECK(times.runtime(1, now) < 3);
}

TEST_CASE("push rate, uneven workers, is K over the sum of their rates") {
  PushRate times;
  times.began(0, 3);
  // Workers that need 1, 2 and 4: 7 pushes in every 4 units of time.
  for (int instant = 1; instant <= 40; ++instant) {
    times.arrived(0, instant);
    if (instant % 2 == 0) times.arrived(1, instant);
    if (instant % 4 == 0) times.arrived(2, instant);
  }
  CHECK(times.runtime(1, 40) == 4.0 / 7);
  CHECK(times.runtime(14, 40) == 8);
}

TEST_CASE("replayed times, constant durations, are d / floor(P / K) exactly") {
  ReplayedTimes times;
  const double now = play_jobs(times, 8, 16, [](WorkerId, std::uint64_t) { return 0.5; });
  CHECK(times.runtime(8, now) == 0.5);
  CHECK(times.runtime(4, now) == 0.25);
  CHECK(times.runtime(1, now) == doctest::Approx(0.0625).epsilon(0.02));
}

TEST_CASE("replayed times, exponential durations of 60 workers, are the order statistics") {
  ReplayedTimes times;
  constexpr std::uint32_t workers = 60;
  const double now = play_jobs(times, workers, 16, exponential());
  for (const std::uint64_t k : {1ULL, 6ULL, 20ULL, 40ULL}) {
    CAPTURE(k);
    // 960 remembered durations: the mean is known to 3.2 %, and an update takes about as long.
    CHECK(std::abs(times.runtime(k, now) / order_statistic(workers, k) - 1) < 4.5 * 0.033);
  }
  // All of them: the mean of the largest of 60, over 16 rounds or so that are worth as many draws.
  const double deviation = 1.28 / std::sqrt(16.0);
  CHECK(std::abs(times.runtime(workers, now) - order_statistic(workers, workers)) < 4 * deviation);
}

TEST_CASE("replayed times, a worker that never pushed, counts with the time that it has had") {
  ReplayedTimes times;
  times.began(0, 2);
  for (int job = 0; job < 20; ++job) {
    times.stepped(job, {0});
    times.arrived(0, job + 1);
  }
  // Worker 1 has been at it for 20: both together can't be faster than that.
  CHECK(times.runtime(2, 20) == 20);
  CHECK(times.runtime(1, 20) == doctest::Approx(20.0 / 21).epsilon(0.1));
}

TEST_CASE("every estimator, restored from its state, gives the same times and state") {
  RoundTimes rounds(true);
  rounds.began(0, 4);
  const double end = play_rounds(rounds, 4, 3, 7, exponential());
  RoundTimes rounds_again(true);
  rounds_again.restore(nlohmann::json::parse(rounds.state().dump()));
  play_rounds(rounds, 4, 2, 5, exponential(), end, 7);
  play_rounds(rounds_again, 4, 2, 5, exponential(), end, 7);
  CHECK(rounds.state() == rounds_again.state());
  CHECK(rounds.runtime(4, end) == rounds_again.runtime(4, end));

  ReplayedTimes replayed;
  const double now = play_jobs(replayed, 4, 19, exponential());
  ReplayedTimes replayed_again;
  replayed_again.restore(nlohmann::json::parse(replayed.state().dump()));
  CHECK(replayed.runtime(3, now) == replayed_again.runtime(3, now));
  replayed.arrived(2, now + 1);
  replayed_again.arrived(2, now + 1);
  CHECK(replayed.state() == replayed_again.state());
}

}  // namespace
}  // namespace syncline
