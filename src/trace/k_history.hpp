#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace syncline {

/// One change of K, with what the policy published at that instant to explain it.
struct KChange {
  double time = 0;
  double from = 0;
  double to = 0;
  std::vector<std::pair<std::string, double>> reasons;
};

/// "t = 12.5: K 2 -> 4", and a sentence for the reasons that `auto` and `horizon` give.
[[nodiscard]] std::string explain(const KChange& change);

/// Gathers K over time from what a policy publishes, in a run or from its log.
class KHistory {
 public:
  /// Quantities other than "k" explain the "k" that follows at the same time.
  void published(std::string_view name, double value, double time);

  [[nodiscard]] const std::vector<std::pair<double, double>>& k() const { return k_; }
  [[nodiscard]] const std::vector<KChange>& changes() const { return changes_; }

  [[nodiscard]] nlohmann::json state() const;
  void restore(const nlohmann::json& state);

 private:
  std::vector<std::pair<double, double>> k_;  ///< (time, K) at each change; the first at 0
  std::vector<KChange> changes_;
  std::vector<std::pair<std::string, double>> reasons_;  ///< waiting for their "k"
  double reasons_time_ = 0;
};

}  // namespace syncline
