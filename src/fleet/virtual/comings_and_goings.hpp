#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "syncline/delay_law.hpp"
#include "syncline/event.hpp"

namespace syncline {

/// When workers die and come back: each alternates between lives and absences, drawn by (seed,
/// worker, how many before), so they are the same under every policy. All are there at time 0.
class ComingsAndGoings {
 public:
  /// Nothing ever happens.
  ComingsAndGoings() = default;
  /// `absence` null: who dies stays away.
  ComingsAndGoings(std::shared_ptr<const DelayLaw> lifetime,
                   std::shared_ptr<const DelayLaw> absence, std::uint64_t seed,
                   std::uint32_t workers);

  struct Change {
    double time = 0;  ///< +infinity: none any more
    WorkerId worker = 0;
    std::uint32_t count = 0;  ///< of the worker's changes before; even: it dies
  };
  [[nodiscard]] bool none() const { return heap_.empty(); }
  /// The next one. REQUIRES: !none().
  [[nodiscard]] const Change& next() const { return heap_.front(); }
  /// It has happened. REQUIRES: !none().
  void pop();

  [[nodiscard]] nlohmann::json state() const;
  void restore(const nlohmann::json& state);

 private:
  [[nodiscard]] Change after(const Change& change) const;

  std::shared_ptr<const DelayLaw> lifetime_, absence_;
  std::uint64_t seed_ = 0;
  std::vector<Change> heap_;  ///< one for each worker
};

}  // namespace syncline
