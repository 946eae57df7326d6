#pragma once

#include <optional>
#include <string>
#include <vector>

#include "picture.hpp"

// FedGLOMO beside FedAvg: rounds of local steps on unlike data, at equal cost.
namespace syncline::repro {

/// A method of local steps.
struct FedMethod {
  std::string key;  ///< in the names of parts
  std::string title;
  std::string policy;
  int gradients = 0;  ///< of one worker in one round
  int color = 0;
};

/// FedAvg, FedAvg with local momentum, FedLOMO, FedGLOMO.
[[nodiscard]] const std::vector<FedMethod>& fed_methods();
[[nodiscard]] const FedMethod& fed_method(const std::string& key);

/// What all methods have alike when they are compared.
enum class FedBudget {
  gradients,  ///< as many as FedGLOMO computes in fed_rounds rounds
  rounds      ///< fed_rounds for everybody
};
inline constexpr int fed_rounds = 100;
inline constexpr int fed_clients = 10;  ///< that work in a round

/// Each method is tuned on seed 1 for each budget, and run again on other seeds with the best step
/// size. One part where both budgets are the same.
[[nodiscard]] std::vector<Part> fedglomo_parts(Scale scale);

/// What a method reached on a budget.
struct FedScore {
  double step_size = 0;
  std::vector<double> errors;  ///< by seed, percent: mean of the evaluations in the last fifth
  std::vector<Point> by_gradients, by_rounds;  ///< test error, a fraction, with its standard error
};

/// Nothing if the part has not been computed.
[[nodiscard]] std::optional<FedScore> fed_score(const Results& results, const FedMethod& method,
                                                FedBudget budget);

}  // namespace syncline::repro
