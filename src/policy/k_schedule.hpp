#pragma once

#include <cstdint>
#include <memory>

#include <nlohmann/json_fwd.hpp>

#include "syncline/policy.hpp"

namespace syncline {

/// Chooses K while a K-variant runs. K changes only on a measurement, that is at an update instant,
/// when no half-collected batch exists (paper.md section 1, detail 8).
class KSchedule {
 public:
  virtual ~KSchedule() = default;
  [[nodiscard]] virtual std::unique_ptr<KSchedule> clone() const = 0;
  [[nodiscard]] virtual Measurement measurement() const = 0;
  /// The K to use from now on, given the K in use.
  virtual std::uint64_t next(const Measured& event, std::uint64_t current) = 0;
  [[nodiscard]] virtual nlohmann::json state() const = 0;
  virtual void restore(const nlohmann::json& state) = 0;
};

}  // namespace syncline
