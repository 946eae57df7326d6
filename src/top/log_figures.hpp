#pragma once

#include <stdexcept>

#include <nlohmann/json.hpp>

#include "trace/run_picture.hpp"

namespace syncline {

/// The records and what was concluded from them don't fit: this way leads nowhere.
class NotRepeatable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Makes pictures of a run from the records of its log, in order; the head excepted.
class LogFigures {
 public:
  virtual ~LogFigures() = default;
  /// Throws nlohmann::json::exception for a record that is none, and NotRepeatable.
  virtual void take(const nlohmann::ordered_json& record) = 0;
  [[nodiscard]] virtual RunPicture picture() const = 0;
};

/// The evaluation that a record tells.
[[nodiscard]] EvaluationPoint evaluation_of(const nlohmann::ordered_json& record);

}  // namespace syncline
