#include "fit/synthetic.hpp"

#include <algorithm>
#include <cmath>

#include "syncline/delay_law.hpp"
#include "syncline/slowness.hpp"

namespace syncline::testing {

Timings draw_complete(const std::string& fleet, std::uint32_t workers, std::size_t jobs,
                      std::uint64_t seed) {
  const auto profile = DelayProfile::parse(fleet, workers);
  Timings timings;
  timings.workers = workers;
  for (std::size_t job = 0; job < jobs; ++job) {
    for (std::uint32_t worker = 0; worker < workers; ++worker) {
      timings.jobs.push_back(
          {worker, std::nan(""), profile.law(worker).sample({seed, worker, job}), false});
    }
  }
  return timings;
}

Timings draw_k_sync(const std::string& fleet, std::uint32_t workers, std::uint32_t k,
                    std::size_t rounds, std::uint64_t seed) {
  const auto profile = DelayProfile::parse(fleet, workers);
  Timings timings;
  timings.workers = workers;
  double now = 0;
  for (std::size_t round = 0; round < rounds; ++round) {
    std::vector<double> times;
    for (std::uint32_t worker = 0; worker < workers; ++worker) {
      times.push_back(profile.law(worker).sample({seed, worker, round}));
    }
    std::vector<double> order = times;
    std::nth_element(order.begin(), order.begin() + k - 1, order.end());
    const double end = order[k - 1];
    for (std::uint32_t worker = 0; worker < workers; ++worker) {
      timings.jobs.push_back({worker, now, std::min(times[worker], end), times[worker] > end});
    }
    now += end;
  }
  return timings;
}

Timings draw_slowed(const std::string& fleet, std::uint32_t workers, std::size_t jobs,
                    std::uint64_t seed, const std::string& slowness,
                    const std::vector<std::uint32_t>& slow) {
  Timings timings = draw_complete(fleet, workers, jobs, seed);
  const auto states = Slowness::parse(slowness);
  std::vector<SlownessPath> paths;
  std::vector<double> now(workers, 0);
  for (std::uint32_t worker = 0; worker < workers; ++worker) {
    paths.emplace_back(*states, seed, worker);
  }
  for (Timing& job : timings.jobs) {
    job.start = now[job.worker];
    const bool slowed = std::find(slow.begin(), slow.end(), job.worker) != slow.end();
    if (slowed) job.seconds = paths[job.worker].finish(job.start, job.seconds) - job.start;
    now[job.worker] += job.seconds;
  }
  return timings;
}

}  // namespace syncline::testing
