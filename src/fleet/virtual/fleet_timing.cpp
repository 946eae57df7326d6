#include "fleet/virtual/fleet_timing.hpp"

#include <cmath>
#include <string>

#include "syncline/error.hpp"

namespace syncline {
namespace {

double checked(double value, const char* key) {
  if (!std::isfinite(value) || value < 0) {
    throw ConfigError("fleet." + std::string(key) + " must be a finite number from 0 on, not " +
                      std::to_string(value));
  }
  return value;
}

std::shared_ptr<const DelayLaw> law_or_none(const std::string& text) {
  return text.empty() || text == "none" ? nullptr : make_delay_law(text);
}

}  // namespace

FleetTiming::FleetTiming(const FleetConfig& config, double push_bytes, double pull_bytes)
    : profile(DelayProfile::parse(config.delay, config.workers)),
      slowness(Slowness::parse(config.slowness)),
      pull(checked(config.latency, "latency")),
      push(pull),
      restart_cost(checked(config.restart_cost, "restart_cost")),
      lifetime(law_or_none(config.lifetime)),
      absence(law_or_none(config.absence)) {
  if (absence && !lifetime) {
    throw ConfigError(
        "fleet.absence says when the dead are back, and nobody dies: set "
        "fleet.lifetime");
  }
  const double bandwidth = checked(config.bandwidth, "bandwidth");
  const double server_bandwidth = checked(config.server_bandwidth, "server_bandwidth");
  if ((bandwidth > 0 || server_bandwidth > 0) && push_bytes <= 0) {
    throw ConfigError("a bandwidth needs the size of a message: set message_bytes");
  }
  if (bandwidth > 0) {
    pull += pull_bytes / bandwidth;
    push += push_bytes / bandwidth;
  }
  if (server_bandwidth > 0) link_time = push_bytes / server_bandwidth;
}

}  // namespace syncline
