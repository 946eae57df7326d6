#pragma once

#include <string>
#include <vector>

#include <rapidcheck.h>

#include "base/summary.hpp"
#include "syncline/config.hpp"
#include "syncline/host.hpp"
#include "trace/update_recorder.hpp"

namespace syncline::testing {

/// How far a mean may be from its expected value, in combined standard errors.
inline constexpr double allowed_errors = 4.5;

/// One delivered job: who, when it started, when its payload arrived.
struct Delivery {
  Job job;
  double time = 0;
};

/// Everything about a run in virtual time that the tests look at.
struct Recording {
  std::vector<UpdateRecord> updates;
  std::vector<Delivery> deliveries;
  Account account;
  double elapsed = 0;
  double busy = 0;            ///< sum over workers, counted job by job; unfinished ones included
  double idle = 0;            ///< likewise, parked
  Version age_in_flight = 0;  ///< sum over running jobs of the versions since their read
};

/// Runs a policy for so many updates on real virtual time. `bytes` is the size of a message.
[[nodiscard]] Recording record(const std::string& policy, const FleetConfig& fleet,
                               std::uint64_t seed, std::uint64_t updates, double bytes = 0);

/// The update records as text: equal texts are equal runs, to the last bit.
[[nodiscard]] std::vector<std::string> texts(const std::vector<UpdateRecord>& updates);

/// A random fleet: 1 to 20 workers, one law or two groups, with atoms (ties) or without.
[[nodiscard]] FleetConfig random_fleet();

/// A random law as text; mean and variance exist.
[[nodiscard]] std::string random_law();

/// A policy and its K.
struct Variant {
  std::string name;
  std::uint64_t k = 1;
  [[nodiscard]] std::string text() const { return name + "(k=" + std::to_string(k) + ")"; }
  [[nodiscard]] bool counts_workers() const { return name == "k-sync" || name == "k-async"; }
  [[nodiscard]] bool cancels() const { return name == "k-sync" || name == "k-batch-sync"; }
};

/// One of the four variants with K in 1..P, or 1..2P where K may exceed P.
[[nodiscard]] Variant random_variant(std::uint32_t workers);

/// Long-run runtime per update over independent seeds.
[[nodiscard]] Summary runtime(const std::string& policy, const std::string& delay,
                              std::uint32_t workers, std::uint64_t updates,
                              std::uint64_t replications = 24);

}  // namespace syncline::testing
