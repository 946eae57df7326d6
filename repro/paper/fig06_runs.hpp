#pragma once

#include <string>

#include "study.hpp"

// What Figure 6 is about: the time of 2,000 updates for each K, of 20 workers.
namespace syncline::repro {

/// Time of 2,000 updates of K-sync, K-async and K-batch-async for K = 1 to 20:
///
///   k_sync, k_batch_async        in the long run, by theory
///   k_async, k_batch_async_check in the long run, simulated
///   k_async_cold                 20 updates after all workers start together, times 100
///   k_batch_async_cold           the same
///   k_batch_async_pool           the same, but each worker has only 20 jobs
///   k_batch_async_cold_theory    what theory says of k_batch_async_cold
///   async_2000                   2,000 updates after such a start, K = 1
///
/// Simulated ones are objects {mean, stderr} of lists by K; the others lists by K.
[[nodiscard]] Json runtimes_by_k(const std::string& delay, Scale scale, const Progress& progress);

}  // namespace syncline::repro
