#pragma once

#include <optional>
#include <random>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace syncline::test {

/// One of the variants that the sample races.
struct SamplePolicy {
  std::string name;
  int k = 1;
  bool cancels = false;  ///< sync family: at an update all jobs still running are cancelled
  bool batch = false;    ///< a worker that has pushed starts again at once
  bool adaptive = false;
};

struct SampleUpdate {
  double time;
  double compute;    ///< worker time spent so far, by all workers
  double staleness;  ///< mean over the update's gradients
  int gradients;
};

/// What one run of one policy leaves behind.
struct SampleRun {
  std::vector<SampleUpdate> updates;
  nlohmann::ordered_json spans = nlohmann::ordered_json::array();
  nlohmann::ordered_json arrows = nlohmann::ordered_json::array();
  nlohmann::ordered_json k = nlohmann::ordered_json::array();
  std::vector<long> histogram, contributions;
  long started = 0, computed = 0, applied = 0, cancelled = 0, held = 0, in_flight = 0;
  double idle = 0, cancelled_time = 0, compute = 0, staleness_sum = 0;
};

/// Eight workers, four of them twice as slow, exponential job times, until `horizon`. Spans and
/// arrows are kept up to `traced`.
SampleRun simulate_sample(const SamplePolicy& policy, unsigned seed, double horizon, double traced);

}  // namespace syncline::test
