#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "syncline/config.hpp"
#include "syncline/delay_law.hpp"
#include "syncline/host.hpp"
#include "syncline/slowness.hpp"

namespace syncline {

/// How long everything takes on a virtual fleet; made once per run from the configuration.
///
/// A job that starts at t computes from t + restart cost (if it replaces a cancelled one)
/// + pull (latency + bytes / bandwidth) for a duration drawn from the worker's law, stretched by
/// its slow states; its payload then needs latency + bytes / bandwidth to the server and waits its
/// turn on the server's shared link. All but the draw is 0 by default: the paper's model.
struct FleetTiming {
  /// Throws ConfigError or DataError. The bytes of a push, and of a pull.
  FleetTiming(const FleetConfig& config, double push_bytes, double pull_bytes);
  FleetTiming(const FleetConfig& config, double bytes) : FleetTiming(config, bytes, bytes) {}

  /// How long the i-th gradient of a job takes: a draw of the worker's law, at its pace.
  [[nodiscard]] double sample(std::uint64_t seed, const Job& job, std::uint32_t i) const {
    const double time = profile.law(job.worker).sample({seed, job.worker, job.gradient + i});
    return pace.empty() ? time : time / pace[job.worker];
  }

  /// To the worker and back.
  [[nodiscard]] double trip() const { return pull + push; }

  DelayProfile profile;
  std::optional<Slowness> slowness;
  double pull = 0;  ///< latency + bytes / bandwidth
  double push = 0;
  double link_time = 0;  ///< bytes / server bandwidth; 0: no shared link
  double restart_cost = 0;
  std::vector<double> pace;  ///< of each worker, times as fast as its law says; empty: all 1
  std::shared_ptr<const DelayLaw> lifetime;  ///< null: workers don't die
  std::shared_ptr<const DelayLaw> absence;   ///< null: the dead don't come back
};

}  // namespace syncline
