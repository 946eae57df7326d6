#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "syncline/policy.hpp"

namespace syncline {

/// Chooses K while a K-variant runs. K changes only on a measurement, that is at an update instant,
/// when no half-collected batch exists.
class KSchedule {
 public:
  virtual ~KSchedule() = default;
  [[nodiscard]] virtual std::unique_ptr<KSchedule> clone() const = 0;
  [[nodiscard]] virtual std::vector<Measurement> measurements() const = 0;
  /// The smallest K that it may ever choose.
  [[nodiscard]] virtual std::uint64_t least_k() const = 0;

  // What it may watch. All workers have been sent; a payload is folded; a step was taken with k
  // gradients, and everyone who waited was sent (`restarted`, empty if that is everybody).
  virtual void began(const Begin&, Actions&) {}
  virtual void arrived(const Arrive&) {}
  virtual void stepped(const Stepped&, std::uint64_t /*k*/,
                       const std::vector<WorkerId>& /*restarted*/, Actions&) {}

  /// The K to use from now on, given the K in use. What explains a change may be published.
  virtual std::uint64_t next(const Measured& event, std::uint64_t current, Actions& actions) = 0;
  [[nodiscard]] virtual nlohmann::json state() const = 0;
  virtual void restore(const nlohmann::json& state) = 0;
};

}  // namespace syncline
