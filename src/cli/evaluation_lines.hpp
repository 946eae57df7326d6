#pragma once

#include "cli/progress_line.hpp"
#include "syncline/progress.hpp"

namespace syncline {

/// Prints evaluations as they come, one line each under a heading, on stdout.
class EvaluationLines {
 public:
  /// `progress` is wiped before each line, so that the two never share one.
  explicit EvaluationLines(ProgressLine& progress) : progress_(progress) {}

  void show(const Evaluated& evaluated);
  /// What the policy decided then.
  void note(double time, const std::string& text);

 private:
  ProgressLine& progress_;
  bool headed_ = false;
};

}  // namespace syncline
