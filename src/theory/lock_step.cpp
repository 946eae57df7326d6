#include "theory/lock_step.hpp"

#include <map>
#include <numeric>

namespace syncline {
namespace {

constexpr std::uint64_t most_pushes = 4'000'000;

/// Which worker pushes next in each wave and how many versions old its gradient is.
struct Pattern {
  std::vector<std::uint64_t> waiting;  ///< workers whose push is in the unfinished batch, in order
  std::vector<std::uint64_t> age;      ///< versions since the worker's read, at the start of a wave
  auto operator<=>(const Pattern&) const = default;
};

void count(std::vector<double>& histogram, std::uint64_t staleness) {
  if (staleness >= histogram.size()) histogram.resize(staleness + 1, 0);
  ++histogram[staleness];
}

/// One wave: everybody who is not waiting pushes; every full batch is an update at once.
void advance(Pattern& pattern, std::uint64_t k, std::vector<double>& histogram) {
  const std::uint64_t workers = pattern.age.size();
  std::vector<std::uint64_t> batch = pattern.waiting;
  std::vector<bool> absent(workers, false);
  for (const auto worker : batch) absent[worker] = true;
  std::uint64_t updates = 0;
  std::vector<bool> read(workers, false);
  std::vector<std::uint64_t> read_at(workers, 0);
  for (std::uint64_t worker = 0; worker < workers; ++worker) {
    if (absent[worker]) continue;
    batch.push_back(worker);
    if (batch.size() < k) continue;
    for (const auto pusher : batch) count(histogram, pattern.age[pusher] + updates);
    ++updates;
    for (const auto pusher : batch) {
      read[pusher] = true;
      read_at[pusher] = updates;
    }
    batch.clear();
  }
  for (std::uint64_t worker = 0; worker < workers; ++worker) {
    pattern.age[worker] = read[worker] ? updates - read_at[worker] : pattern.age[worker] + updates;
  }
  pattern.waiting = std::move(batch);
}

std::vector<double> normalised(std::vector<double> histogram) {
  const double total = std::accumulate(histogram.begin(), histogram.end(), 0.0);
  for (double& chance : histogram) chance /= total;
  return histogram;
}

}  // namespace

std::vector<double> lock_step_batch_async(std::uint64_t workers, std::uint64_t k) {
  // Push n is followed by a read; the same worker's next push is n + P. So one in K gradients has
  // staleness (n + P) / K - (n + 1) / K, rounded down each, for n = 0 .. K - 1. The quotients of
  // n + P differ by one, and the last n, whose read is an update later, has the larger one.
  const std::uint64_t versions = workers / k;
  const std::uint64_t rest = workers % k;
  const auto all = static_cast<double>(k);
  std::vector<double> chances(versions + 2, 0);
  chances[versions] = static_cast<double>(rest > 0 ? k - rest + 1 : k - 1) / all;
  if (rest > 0) {
    chances[versions + 1] = static_cast<double>(rest - 1) / all;
  } else {
    chances[versions - 1] = 1 / all;
  }
  while (chances.back() == 0) chances.pop_back();
  return chances;
}

std::optional<std::vector<double>> lock_step_async(std::uint64_t workers, std::uint64_t k) {
  Pattern pattern{{}, std::vector<std::uint64_t>(workers, 0)};
  std::map<Pattern, std::size_t> seen;
  std::vector<std::vector<double>> waves;
  for (std::uint64_t pushes = 0; pushes < most_pushes; pushes += workers) {
    const auto [place, fresh] = seen.emplace(pattern, waves.size());
    if (!fresh) {
      std::vector<double> histogram;
      for (std::size_t wave = place->second; wave < waves.size(); ++wave) {
        if (waves[wave].size() > histogram.size()) histogram.resize(waves[wave].size(), 0);
        for (std::size_t s = 0; s < waves[wave].size(); ++s) histogram[s] += waves[wave][s];
      }
      return normalised(std::move(histogram));
    }
    waves.emplace_back();
    advance(pattern, k, waves.back());
  }
  return std::nullopt;
}

}  // namespace syncline
