// What a round would have taken had it waited for another number: against the run in which it did.

#include "policy/classical/waiting_times.hpp"

#include <algorithm>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck.h>

#include "syncline/random.hpp"

namespace syncline {
namespace {

/// K-sync without interruptions, for durations that are a function of seed, worker and job.
class Rounds {
 public:
  Rounds(std::uint64_t seed, std::uint32_t workers) : seed_(seed), workers_(workers) {
    for (WorkerId worker = 0; worker < workers; ++worker) start(worker);
  }

  /// Waits for k fresh gradients. Returns how long it took.
  double play(std::uint64_t k, WaitingTimes* watch) {
    const double began = now_;
    std::vector<WorkerId> waiting;
    while (waiting.size() < k) {
      const WorkerId worker = next(waiting);
      now_ = workers_[worker].ends;
      if (watch != nullptr) watch->arrived(worker, workers_[worker].started, now_);
      if (workers_[worker].read == version_) {
        waiting.push_back(worker);
      } else {
        start(worker);
      }
    }
    ++version_;
    for (const WorkerId worker : waiting) start(worker);
    return now_ - began;
  }
  [[nodiscard]] double now() const { return now_; }

 private:
  struct Worker {
    double started = 0, ends = 0;
    std::uint64_t read = 0, job = 0;
  };

  WorkerId next(const std::vector<WorkerId>& waiting) const {
    WorkerId first = 0;
    double soonest = INFINITY;
    for (WorkerId worker = 0; worker < workers_.size(); ++worker) {
      if (std::find(waiting.begin(), waiting.end(), worker) != waiting.end()) continue;
      if (workers_[worker].ends >= soonest) continue;
      soonest = workers_[worker].ends;
      first = worker;
    }
    return first;
  }
  void start(WorkerId id) {
    Worker& worker = workers_[id];
    worker.started = now_;
    worker.ends = now_ + DrawStream(Stream::delay, {seed_, id, worker.job++}).exponential();
    worker.read = version_;
  }

  std::uint64_t seed_;
  std::vector<Worker> workers_;
  double now_ = 0;
  std::uint64_t version_ = 0;
};

TEST_CASE("waiting times, any fleet, know of a round how long it would have taken at every k") {
  CHECK(rc::check("as if it had waited for k", [](std::uint64_t seed) {
    const auto workers = *rc::gen::inRange<std::uint32_t>(2, 8);
    const auto before = *rc::gen::inRange<std::uint64_t>(1, workers);
    // Another number than before, up to all.
    const auto other_number = *rc::gen::inRange<std::uint64_t>(1, workers);
    const std::uint64_t waited = other_number + (other_number >= before ? 1 : 0);

    WaitingTimes times(workers);
    Rounds run(seed, workers);
    times.round_began(0, times.level_of(workers));
    run.play(before, &times);
    times.round_began(run.now(), times.level_of(before));
    run.play(waited, &times);
    // Waits for all, until the last has pushed; these rounds follow upon others.
    for (const std::uint64_t last : {waited, std::uint64_t{workers}, std::uint64_t{workers}}) {
      times.round_began(run.now(), times.level_of(last));
      run.play(workers, &times);
    }

    const nlohmann::json cells = times.state().at("cells");
    for (std::uint64_t k = 1; k <= workers; ++k) {
      Rounds other(seed, workers);
      other.play(before, nullptr);
      const auto& cell = cells.at((before - 1) * workers + k - 1);
      RC_ASSERT(cell.at(1) == 1.0);
      RC_ASSERT(cell.at(0).get<double>() == other.play(k, nullptr));
    }
  }));
}

TEST_CASE("waiting times rise with k, fall with h, and lie between neighbours that were seen") {
  WaitingTimes times(3);
  // Two rounds after h = 3: 1, 2, 4 and 1, 4, 6; one after h = 1, a draw of luck: 0.5, 1, 3.
  const auto round = [&](double began, std::size_t h, std::vector<double> ends) {
    times.round_began(began, h);
    for (WorkerId worker = 0; worker < ends.size(); ++worker) {
      times.arrived(worker, began, began + ends[worker]);
    }
  };
  round(0, 2, {1, 2, 4});
  round(10, 2, {1, 4, 6});
  CHECK(times.after(2) == std::vector<double>{1, 3, 5});
  CHECK(times.after(0) == std::vector<double>{1, 3, 5});
  round(20, 0, {0.5, 1, 3});
  // Columns pool: (2 x 1 + 1 x 0.75 + 1 x 0.5) / 4, and so on; what is between has the weight of 1.
  const auto expected =
      std::vector<double>{(2 * 1 + 0.75 + 0.5) / 4, (2 * 3 + 2 + 1) / 4.0, (2 * 5 + 4 + 3) / 4.0};
  for (std::size_t h = 0; h < 3; ++h) {
    const auto after = times.after(h);
    REQUIRE(after.size() == 3);
    for (std::size_t k = 0; k < 3; ++k) {
      CHECK(after[k] == doctest::Approx(expected[k]).epsilon(1e-6));
    }
  }
}

TEST_CASE("waiting times of a round whose last workers have not pushed end where it does") {
  WaitingTimes times(4);
  CHECK(times.after(3).empty());
  times.round_began(0, 3);
  times.arrived(2, 0, 1);
  times.arrived(0, 0, 3);
  CHECK(times.after(3) == std::vector<double>{1, 3});
  // A job that began before a round says nothing about it.
  times.round_began(3, 1);
  times.arrived(1, 0, 4);
  CHECK(times.after(3) == std::vector<double>{1, 3, 4});
  times.arrived(1, 4, 6);
  CHECK(times.state().at("cells").at(1 * 4 + 0).at(0) == 3.0);
}

TEST_CASE("waiting times of many workers tell few numbers apart, finely at both ends") {
  CHECK(WaitingTimes(16).levels().size() == 16);
  const WaitingTimes times(100);
  CHECK(times.levels() ==
        std::vector<std::uint64_t>{1, 2, 4, 8, 16, 32, 68, 84, 92, 96, 98, 99, 100});
  CHECK(times.level_of(1) == 0);
  CHECK(times.level_of(50) == 5);
  CHECK(times.level_of(99) == 11);
  CHECK(times.level_of(100) == 12);
}

TEST_CASE("waiting times, a worker that never comes back, keep a bounded number of rounds") {
  WaitingTimes times(2);
  for (int round = 0; round < 1000; ++round) {
    times.round_began(round, 0);
    times.arrived(0, round, round + 1);
  }
  CHECK(times.state().at("rounds").size() == 64);
  CHECK(times.after(0) == std::vector<double>{1});
  // It began long ago: rounds that are still open began later, but for the first.
  times.arrived(1, 1000 - 64, 1000);
  CHECK(times.after(0) == std::vector<double>{1, 64});
}

}  // namespace
}  // namespace syncline
