#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "cases.hpp"

namespace syncline::proof {

/// What a candidate really needed.
struct Measured {
  std::string policy;
  double step_size = 0;
  double predicted = 0;        ///< time to the target; 0 if none was predicted
  std::optional<double> mean;  ///< over the seeds; none if one missed it or was too slow to matter
  double standard_error = 0;
};

struct Verdict {
  std::string name;
  nlohmann::ordered_json plan;  ///< the planner's document, without its curves
  double plan_seconds = 0;
  std::vector<Measured> measured;
  std::optional<Measured> recommended;
  std::optional<Measured> best;
  std::optional<Measured> sync;
  /// The recommended policy's mean is within 10 % of the best one's, plus two standard errors.
  bool hit = false;
};

/// Asks the planner, then races every candidate it looked at with real gradients. Who is 1.3 times
/// slower than the best so far is stopped: it can't be the best.
[[nodiscard]] Verdict judge_case(const Case& question);

[[nodiscard]] nlohmann::ordered_json to_json(const Verdict& verdict);

}  // namespace syncline::proof
