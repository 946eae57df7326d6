// The monkey by itself: many seeds, or one with its story.

#include <atomic>
#include <chrono>
#include <cstdio>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "fleet/monkey/simulated_cluster.hpp"
#include "support/temporary_folder.hpp"

namespace {

using namespace syncline::testing;

int usage() {
  std::puts(
      "syncline_monkey [SEEDS [FIRST]]   plays so many random scenarios (1000, from seed 1 on)\n"
      "syncline_monkey --seed N          plays one and tells its story\n"
      "Exits with 1 if a promise was broken, and prints the seeds.");
  return 2;
}

struct Sums {
  std::mutex mutex;
  std::uint64_t steps = 0, faults = 0, crashes = 0, ends = 0, downs = 0, lost = 0, applied = 0,
                failed = 0;
  double slowest = 0, seconds = 0;

  void add(const Played& played) {
    steps += played.steps;
    faults += played.faults;
    crashes += played.crashes;
    ends += played.ends;
    downs += played.downs;
    lost += played.account.lost;
    applied += played.account.applied;
    slowest = std::max(slowest, played.slowest_notice);
    seconds += played.virtual_seconds;
  }
};

/// Every so many seeds are played twice, to see that nothing but the seed decides.
constexpr std::uint64_t twice_every = 8;

void play_one(std::uint64_t seed, const std::filesystem::path& folder, Sums& sums) {
  const Scenario scenario = random_scenario(seed);
  Played played = play(scenario, folder);
  if (seed % twice_every == 0) {
    const std::uint64_t digest = play(random_scenario(seed), folder).digest;
    if (digest != played.digest) played.violations.push_back("a second run goes otherwise");
  }
  const std::lock_guard lock(sums.mutex);
  sums.add(played);
  if (played.violations.empty()) return;
  ++sums.failed;
  std::printf("seed %llu (%s):\n", static_cast<unsigned long long>(seed), scenario.text().c_str());
  for (const std::string& what : played.violations) std::printf("  %s\n", what.c_str());
  std::printf("  again: syncline_monkey --seed %llu\n", static_cast<unsigned long long>(seed));
}

int tell(std::uint64_t seed) {
  const TemporaryFolder folder;
  const Scenario scenario = random_scenario(seed);
  std::printf("%s\n", scenario.text().c_str());
  const Played played = play(scenario, folder / "run");
  for (const std::string& line : played.story) std::printf("%s\n", line.c_str());
  for (const std::string& what : played.violations) std::printf("broken: %s\n", what.c_str());
  return played.violations.empty() ? 0 : 1;
}

int play_many(std::uint64_t seeds, std::uint64_t first) {
  const auto begin = std::chrono::steady_clock::now();
  Sums sums;
  std::atomic<std::uint64_t> next{first};
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i) {
    threads.emplace_back([&] {
      const TemporaryFolder folder;
      for (std::uint64_t seed = next++; seed < first + seeds; seed = next++) {
        play_one(seed, folder / "run", sums);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  std::printf(
      "%llu scenarios in %.1f s: %llu steps, %.0f s simulated, %llu faults, %llu server crashes, "
      "%llu ends for a shard, %llu workers down (the slowest noticed %.2f s after its last word), "
      "%llu gradients applied, "
      "%llu lost; %llu failed\n",
      static_cast<unsigned long long>(seeds), took.count(),
      static_cast<unsigned long long>(sums.steps), sums.seconds,
      static_cast<unsigned long long>(sums.faults), static_cast<unsigned long long>(sums.crashes),
      static_cast<unsigned long long>(sums.ends), static_cast<unsigned long long>(sums.downs),
      sums.slowest, static_cast<unsigned long long>(sums.applied),
      static_cast<unsigned long long>(sums.lost), static_cast<unsigned long long>(sums.failed));
  return sums.failed == 0 ? 0 : 1;
}

}  // namespace

int main(int count, char** arguments) {
  const std::vector<std::string> words(arguments + 1, arguments + count);
  try {
    if (words.size() == 2 && words[0] == "--seed") return tell(std::stoull(words[1]));
    if (words.size() > 2 || (!words.empty() && words[0].starts_with("-"))) return usage();
    return play_many(words.empty() ? 1000 : std::stoull(words[0]),
                     words.size() < 2 ? 1 : std::stoull(words[1]));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return usage();
  }
}
